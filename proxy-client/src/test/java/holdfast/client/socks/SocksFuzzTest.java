package holdfast.client.socks;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.Destination;
import holdfast.testing.FuzzSeeds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Any bytes are a request, the beginning of one, or refused; an incomplete one moves nothing, and an address is written as it was read. The first byte
 * says what the rest is read as.
 */
final class SocksFuzzTest {
    @ParameterizedTest
    @FuzzSeeds
    void anyBytesAreARequestOrRefused(byte[] data) throws Exception {
        fuzzerTestOneInput(data);
    }

    private interface Reader {
        @Nullable Object read(ByteBuf in) throws SocksException;
    }

    /** For {@code scripts/fuzz}. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        if (data.length == 0) {
            return;
        }
        read(
                data,
                switch (data[0] & 3) {
                    case 0 -> Socks4Request::read;
                    case 1 -> Socks5Request::read;
                    case 2 -> Socks5Login::read;
                    default -> SocksFuzzTest::address;
                });
    }

    private static void read(byte[] data, Reader reader) {
        ByteBuf in = Unpooled.wrappedBuffer(data, 1, data.length - 1);
        try {
            if (reader.read(in) == null) {
                assertThat(in.readerIndex())
                        .as("what an incomplete request has moved")
                        .isZero();
            }
        } catch (SocksException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static @Nullable Object address(ByteBuf in) throws SocksException {
        Destination read = SocksAddress.read(in);
        if (read != null) {
            ByteBuf out = Unpooled.buffer();
            SocksAddress.write(out, read);
            assertThat(SocksAddress.read(out)).isEqualTo(read);
        }
        return read;
    }
}
