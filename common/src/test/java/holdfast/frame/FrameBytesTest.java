package holdfast.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import holdfast.frame.FrameSamples.Sample;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FrameBytesTest {
    static List<Sample> samples() {
        return FrameSamples.all();
    }

    @Test
    void everyTypeHasASample() {
        Set<FrameType> sampled =
                samples().stream().map(each -> each.frame().type()).collect(Collectors.toSet());

        assertThat(sampled).isEqualTo(EnumSet.allOf(FrameType.class));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aFrameIsWrittenAsTheSpecificationSays(Sample sample) {
        ByteBuf out = Unpooled.buffer();

        sample.frame().write(out);

        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(ByteBufUtil.hexDump(sample.bytes()));
        assertThat(sample.frame().length()).isEqualTo(sample.bytes().length);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void itsBytesAreReadBackAsTheSameFrame(Sample sample) throws ProtocolException {
        try (DecoderRig rig = new DecoderRig()) {
            assertThat(rig.feed(sample.bytes())).containsExactly(sample.frame());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aFrameThatHasNotArrivedWholeIsWaitedForAndLeavesNothingBehind(Sample sample) throws ProtocolException {
        for (int length = 0; length < sample.bytes().length; length++) {
            try (DecoderRig rig = new DecoderRig()) {
                List<Frame> frames = rig.feed(Arrays.copyOf(sample.bytes(), length));

                boolean inPieces = sample.frame() instanceof Data;
                assertThat(frames).allMatch(each -> inPieces && each instanceof Data piece && !piece.fin());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aBodyThatIsCutShortIsMalformed(Sample sample) {
        int bodyLength = sample.bytes().length - Frame.HEADER_LENGTH;
        for (int length = 0; length < bodyLength; length++) {
            byte[] cut = Arrays.copyOf(sample.bytes(), Frame.HEADER_LENGTH + length);
            cut[2] = (byte) length;
            try (DecoderRig rig = new DecoderRig()) {
                // Payload may be shorter, and some fields tell where a frame ends: what counts is that nothing else
                // than a refusal happens.
                if (carriesAnyLength(sample.frame())) {
                    rig.feedOrRefuse(cut);
                } else {
                    assertThatExceptionOfType(ProtocolException.class)
                            .isThrownBy(() -> rig.feed(cut))
                            .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_MALFORMED))
                            .satisfies(e -> assertThat(e.scope()).isEqualTo(ProtocolException.Scope.SESSION));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void bytesBehindTheLastFieldAreMalformed(Sample sample) {
        byte[] longer = Arrays.copyOf(sample.bytes(), sample.bytes().length + 1);
        longer[2]++;

        try (DecoderRig rig = new DecoderRig()) {
            if (carriesAnyLength(sample.frame())) {
                rig.feedOrRefuse(longer);
            } else {
                assertThatExceptionOfType(ProtocolException.class)
                        .isThrownBy(() -> rig.feed(longer))
                        .withMessageContaining("1 bytes behind its last field");
            }
        }
    }

    private static boolean carriesAnyLength(Frame frame) {
        return frame instanceof Data || frame instanceof Datagram || frame instanceof Padding;
    }
}
