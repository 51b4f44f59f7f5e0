package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Socks;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program is told why it does not get its connection, by the reply codes of RFC 1928. */
class DestinationRefusedTest {
    private static final int NOT_ALLOWED = 2;
    private static final int HOST_UNREACHABLE = 4;
    private static final int CONNECTION_REFUSED = 5;

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    private static void expect(int reply, ThrowingCallable connect) {
        assertThatThrownBy(connect)
                .isInstanceOfSatisfying(
                        Socks.Refused.class,
                        refused -> assertThat(refused.reply()).isEqualTo(reply));
    }

    private static InetSocketAddress at(String address, int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void nobodyListensThere(String address) throws Exception {
        int closed = Ports.free();

        expect(CONNECTION_REFUSED, () -> BED.socks().connect(at(address, closed)));
        expect(CONNECTION_REFUSED, () -> BED.socks().connect(address, closed));
        expect(CONNECTION_REFUSED, () -> BED.socks().connect("localhost", closed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.2",
                "0.0.0.0",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "fe80::1",
                "fd00::1",
                "ff02::1",
                "64:ff9b::7f00:2",
                "2002:7f00:2::1",
                "::7f00:2"
            })
    void privateAddressesAreNotAllowed(String address) throws Exception {
        expect(NOT_ALLOWED, () -> BED.socks().connect(at(address, 81)));
        expect(NOT_ALLOWED, () -> BED.socks().connect(address, 81));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-host.invalid", "a..b", "-", "%00", "localhost.localhost.localdomain.invalid"})
    void aNameThatDoesNotExist(String name) {
        expect(HOST_UNREACHABLE, () -> BED.socks().connect(name, 81));
    }

    /** The request behind the greeting, and the reply code. */
    @ParameterizedTest
    @CsvSource({
        "05 09 00 01 7f000001 0051, 7",
        "05 01 00 09 7f000001 0051, 8",
    })
    void whatRfc1928DoesNotKnow(String request, int reply) throws Exception {
        try (Socket socket = BED.socks().dial()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(new byte[] {5, 1, 0});
            InputStream in = socket.getInputStream();
            assertThat(in.readNBytes(2)).containsExactly(5, 0);

            socket.getOutputStream().write(HexFormat.of().parseHex(request.replace(" ", "")));

            assertThat(in.readNBytes(2)).containsExactly(5, reply);
            in.readNBytes(8);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void aProgramThatOffersNoWayOfAuthenticationThatWeHave() throws Exception {
        try (Socket socket = BED.socks().dial()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(new byte[] {5, 1, (byte) 0x80});

            assertThat(socket.getInputStream().readAllBytes()).containsExactly(5, 0xff);
        }
    }
}
