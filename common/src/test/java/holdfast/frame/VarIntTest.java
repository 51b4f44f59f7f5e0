package holdfast.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** RFC 9000 section 16. */
final class VarIntTest {
    @Test
    void theExamplesOfTheRfcReadAndWrite() throws ProtocolException {
        requireWire(151_288_809_941_952_652L, "c2197c5eff14e88c");
        requireWire(494_878_333, "9d7f3e7d");
        requireWire(15_293, "7bbd");
        requireWire(37, "25");
    }

    @Test
    void theEdgesOfEachLengthReadAndWrite() throws ProtocolException {
        requireWire(0, "00");
        requireWire(63, "3f");
        requireWire(64, "4040");
        requireWire(16_383, "7fff");
        requireWire(16_384, "80004000");
        requireWire((1 << 30) - 1, "bfffffff");
        requireWire(1 << 30, "c000000040000000");
        requireWire(VarInt.MAX, "ffffffffffffffff");
    }

    @Test
    void aLongerFormThanNeededIsReadToo() throws ProtocolException {
        assertThat(VarInt.read(Unpooled.wrappedBuffer(FrameSamples.hex("4025"))))
                .isEqualTo(37);
    }

    @Test
    void anIntegerThatIsCutShortIsRefused() {
        for (String cut : new String[] {"", "40", "800040", "c0000000400000"}) {
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> VarInt.read(Unpooled.wrappedBuffer(FrameSamples.hex(cut))));
        }
    }

    @Test
    void numbersThatDoNotFitAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> VarInt.length(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> VarInt.length(VarInt.MAX + 1));
    }

    private static void requireWire(long value, String hex) throws ProtocolException {
        ByteBuf out = Unpooled.buffer();
        VarInt.write(out, value);

        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(hex);
        assertThat(VarInt.length(value)).isEqualTo(hex.length() / 2);
        assertThat(VarInt.read(out)).isEqualTo(value);
    }
}
