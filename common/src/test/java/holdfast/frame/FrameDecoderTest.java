package holdfast.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import holdfast.frame.FrameSamples.Sample;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FrameDecoderTest {
    @Test
    void oneByteAtATimeGivesTheSameFrames() throws ProtocolException {
        List<Frame> decoded = new ArrayList<>();

        try (DecoderRig rig = new DecoderRig()) {
            for (byte each : allSamples()) {
                decoded.addAll(rig.feed(new byte[] {each}));
            }

            assertThat(joined(decoded)).isEqualTo(expected());
        }
    }

    @Test
    void slicesOfAnyLengthGiveTheSameFrames() throws ProtocolException {
        byte[] bytes = allSamples();
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int longest = 1 + random.nextInt(1 + seed);
            List<Frame> decoded = new ArrayList<>();
            try (DecoderRig rig = new DecoderRig()) {
                for (int at = 0; at < bytes.length; ) {
                    int end = Math.min(bytes.length, at + random.nextInt(longest + 1));
                    decoded.addAll(rig.feed(Arrays.copyOfRange(bytes, at, end)));
                    at = end;
                }

                assertThat(joined(decoded)).as("seed " + seed).isEqualTo(expected());
            }
        }
    }

    @Test
    void randomBytesAreRefusedOrReadButNothingElse() {
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 4 && random.nextInt(4) > 0) {
                // Most lengths are too long and most types unknown: help the bytes past the header.
                bytes[0] = 0;
                bytes[1] = 0;
                bytes[2] = (byte) random.nextInt(bytes.length);
                bytes[3] = (byte) random.nextInt(0x38);
            }
            try (DecoderRig rig = new DecoderRig()) {
                rig.feedOrRefuse(bytes);
            }
        }
    }

    @Test
    void damagedSamplesAreRefusedOrReadButNothingElse() {
        for (Sample sample : FrameSamples.all()) {
            for (int at = 0; at < sample.bytes().length; at++) {
                for (int value = 0; value < 256; value++) {
                    byte[] bytes = sample.bytes();
                    bytes[at] = (byte) value;
                    try (DecoderRig rig = new DecoderRig()) {
                        rig.feedOrRefuse(bytes);
                    }
                }
            }
        }
    }

    @Test
    void theLongestFrameIsReadAndAByteMoreRefusedByItsHeader() throws ProtocolException {
        byte[] longest = new byte[Frame.MAX_LENGTH];
        longest[1] = (byte) (Frame.MAX_BODY_LENGTH >> 8);
        longest[2] = (byte) Frame.MAX_BODY_LENGTH;

        try (DecoderRig rig = new DecoderRig()) {
            assertThat(rig.feed(longest)).containsExactly(new Padding(Frame.MAX_BODY_LENGTH));
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> rig.feed(FrameSamples.hex("003ffd", "00")))
                    .withMessageContaining("16381")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_MALFORMED));
        }
    }

    @Test
    void dataMayBeSixteenTimesAsLongAndIsRefusedByItsHeaderBeyondThat() throws ProtocolException {
        byte[] longest = new byte[Data.LONGEST];
        System.arraycopy(FrameSamples.hex("040010", "13", "08", "4400"), 0, longest, 0, 7);

        try (DecoderRig rig = new DecoderRig()) {
            Data data = (Data) rig.feed(longest).get(0);

            assertThat(data.payload().readableBytes()).isEqualTo(Data.LONGEST - 7);
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> rig.feed(FrameSamples.hex("040011", "13")))
                    .withMessageContaining("262161")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_MALFORMED));
        }
    }

    @Test
    void dataShorterThanItsIntegersIsRefusedWhateverFollows() {
        byte[] frames = FrameSamples.hex("000001", "13", "c0", "000008", "01", "0000000000000001");

        try (DecoderRig rig = new DecoderRig()) {
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> rig.feed(frames))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_MALFORMED));
        }
    }

    @Test
    void typesKeptForExtensionsAreSkippedWhereverTheyAreSliced() throws ProtocolException {
        byte[] ping = FrameSamples.hex("000008", "01", "0000000000000001");
        for (int type = 0x42; type <= 0x7f; type++) {
            byte[] extension = FrameSamples.hex("000003", Integer.toHexString(type), "ffffff");
            for (int cut = 0; cut <= extension.length; cut++) {
                try (DecoderRig rig = new DecoderRig()) {
                    assertThat(rig.feed(Arrays.copyOf(extension, cut))).isEmpty();
                    byte[] rest = concat(Arrays.copyOfRange(extension, cut, extension.length), ping);
                    assertThat(rig.feed(rest)).containsExactly(new Ping(1));
                }
            }
        }
    }

    @Test
    void otherUnknownTypesAreRefused() {
        for (int type = 0; type < 256; type++) {
            if (FrameType.of(type) == null && !FrameType.isExtension(type)) {
                byte[] bytes = FrameSamples.hex("000000", String.format("%02x", type));
                try (DecoderRig rig = new DecoderRig()) {
                    assertThatExceptionOfType(ProtocolException.class)
                            .isThrownBy(() -> rig.feed(bytes))
                            .withMessageContaining(Integer.toHexString(type));
                }
            }
        }
    }

    @Test
    void theBytesOfADataFrameAreHandedOnAsTheyArrive() throws ProtocolException {
        byte[] frame = FrameSamples.hex("000007", "14", "08", "4400", "01020304");

        try (DecoderRig rig = new DecoderRig()) {
            assertThat(rig.feed(Arrays.copyOf(frame, 8))).containsExactly(data(8, 1024, false, 1));
            assertThat(rig.feed(new byte[] {2, 3})).containsExactly(data(8, 1025, false, 2, 3));
            assertThat(rig.feed(new byte[] {4})).containsExactly(data(8, 1027, true, 4));
            assertThat(rig.feed(new byte[0])).isEmpty();
        }
    }

    @Test
    void aPieceIsASliceOfWhatWasRead() throws ProtocolException {
        byte[] frame = FrameSamples.hex("000007", "13", "08", "4400", "01020304");

        try (DecoderRig rig = new DecoderRig()) {
            ByteBuf payload = ((Data) rig.feed(frame).get(0)).payload();

            assertThat(payload.unwrap().capacity()).isGreaterThanOrEqualTo(frame.length);
        }
    }

    @Test
    void nothingIsHeldBetweenWholeFrames() throws ProtocolException {
        try (DecoderRig rig = new DecoderRig()) {
            rig.feed(FrameSamples.hex("000008", "01", "0000000000000001"));

            assertThat(rig.held()).isZero();
        }
    }

    @Test
    void noMoreIsHeldThanHasArrived() throws ProtocolException {
        byte[] promise = new byte[200];
        promise[1] = (byte) (Frame.MAX_BODY_LENGTH >> 8);
        promise[2] = (byte) Frame.MAX_BODY_LENGTH;

        try (DecoderRig rig = new DecoderRig()) {
            rig.feed(promise);

            assertThat(rig.held()).isLessThanOrEqualTo(2L * promise.length);
        }
    }

    @Test
    void dataBeyondTheLargestOffsetIsRefused() {
        byte[] frame = FrameSamples.hex("00000a", "13", "08", "ffffffffffffffff", "01");

        try (DecoderRig rig = new DecoderRig()) {
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> rig.feed(frame))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FLOW_CONTROL_VIOLATION));
        }
    }

    private static byte[] allSamples() {
        return FrameSamples.all().stream().map(Sample::bytes).reduce(new byte[0], FrameDecoderTest::concat);
    }

    private static List<String> expected() {
        return joined(FrameSamples.all().stream().map(Sample::frame).toList());
    }

    /** What the frames say, with pieces of one DATA frame put together. */
    private static List<String> joined(List<Frame> frames) {
        List<String> texts = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        long openEnd = -1;
        for (Frame each : frames) {
            if (each instanceof Data piece) {
                if (piece.offset() != openEnd) {
                    flush(open, texts);
                    open.append("DATA ").append(piece.stream()).append('@').append(piece.offset());
                    open.append(' ');
                }
                open.append(ByteBufUtil.hexDump(piece.payload()));
                openEnd = piece.end();
                if (piece.fin()) {
                    open.append(" FIN");
                    openEnd = -1;
                }
            } else {
                flush(open, texts);
                openEnd = -1;
                texts.add(
                        each instanceof Datagram datagram ? ByteBufUtil.hexDump(datagram.payload()) : each.toString());
            }
        }
        flush(open, texts);
        return texts;
    }

    private static void flush(StringBuilder open, List<String> texts) {
        if (open.length() > 0) {
            texts.add(open.toString());
            open.setLength(0);
        }
    }

    private static Data data(long stream, long offset, boolean fin, int... bytes) {
        ByteBuf payload = Unpooled.buffer();
        for (int each : bytes) {
            payload.writeByte(each);
        }
        return new Data(stream, offset, fin, payload);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
