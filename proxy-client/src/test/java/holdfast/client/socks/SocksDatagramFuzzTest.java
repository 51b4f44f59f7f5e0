package holdfast.client.socks;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.Destination;
import holdfast.testing.FuzzSeeds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.params.ParameterizedTest;

/** Any datagram has a whole header, behind which are its bytes, or is dropped; a header is written as it was read. */
final class SocksDatagramFuzzTest {
    @ParameterizedTest
    @FuzzSeeds
    void anyDatagramHasAWholeHeaderOrIsDropped(byte[] data) {
        fuzzerTestOneInput(data);
    }

    /** For {@code scripts/fuzz}. */
    public static void fuzzerTestOneInput(byte[] data) {
        ByteBuf in = Unpooled.wrappedBuffer(data);
        Destination destination = SocksDatagram.readHeader(in);
        if (destination == null) {
            return;
        }
        ByteBuf out = SocksDatagram.write(UnpooledByteBufAllocator.DEFAULT, destination, in);
        assertThat(SocksDatagram.readHeader(out)).isEqualTo(destination);
        assertThat(out).isEqualTo(in);
        out.release();
    }
}
