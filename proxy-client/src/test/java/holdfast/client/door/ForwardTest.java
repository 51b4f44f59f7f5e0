package holdfast.client.door;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.fixture.Program;
import holdfast.client.fixture.Sites;
import holdfast.client.fixture.TestDoor;
import holdfast.client.opening.OpenMode;
import holdfast.transport.TransportKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A forwarded port belongs to one destination, and a listener without a password to one user. */
final class ForwardTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void everyConnectionReachesTheOneDestinationFromItsFirstByteOn(TransportKind kind) throws Exception {
        try (TestDoor door = TestDoor.forward(kind, "127.0.0.1:0", "db.example:5432");
                Program program = door.program()) {
            door.gateway().site("db.example:5432", Sites.echo());

            // What would be SOCKS at the front door is data here.
            program.says(5, 1, 0).hears(5, 1, 0).says("GET / HTTP/1.1\r\n\r\n").hears("GET / HTTP/1.1\r\n\r\n");

            assertThat(door.gateway().awaitStream().request().destination()).hasToString("db.example:5432");
        }
    }

    @Test
    void aDestinationThatIsNotReachedIsAReset() throws IOException {
        try (TestDoor door = TestDoor.forward(TransportKind.AUTO, "127.0.0.1:0", "nobody.example:1");
                Program program = door.program()) {
            program.says("hello").hearsAReset();
        }
    }

    @Test
    void withoutAPathToTheGatewayItIsAResetToo() throws IOException {
        try (TestDoor door = TestDoor.forward(TransportKind.AUTO, "127.0.0.1:0", "db.example:5432")) {
            door.gateway().losePath();
            try (Program program = door.program()) {
                program.hearsAReset();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aPathCanBeForwarded(TransportKind kind) throws IOException {
        Path path = folder.resolve("db.sock");
        try (TestDoor door = TestDoor.forward(kind, path.toString(), "db.example:5432");
                SocketChannel program = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            door.gateway().site("db.example:5432", Sites.echo());
            program.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
            program.shutdownOutput();

            ByteBuffer heard = ByteBuffer.allocate(10);
            while (program.read(heard) >= 0) {
                assertThat(heard.hasRemaining()).isTrue();
            }
            assertThat(new String(heard.array(), 0, heard.position(), StandardCharsets.US_ASCII))
                    .isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:0,FAST", "127.0.0.1:0,CONFIRM", "[::1]:0,FAST", "[::1]:0,CONFIRM"})
    void programsOfAnotherUserAreClosedAndGetNoStream(String address, OpenMode mode) throws IOException {
        AllowedUsers others = new AllowedUsers(false, Set.of(4242));
        try (TestDoor door = TestDoor.forUsers(others, mode, address)) {
            assertThat(saidUntilTheEnd(door.address())).as("the first").isIn("", "5 0", "5 0 5 0 0 1 0 0 0 0 0 0");
            assertThat(saidUntilTheEnd(door.address())).as("after one was met").isEmpty();
            assertThat(door.gateway().hasNoFurtherStream()).isTrue();
        }
    }

    /** Goes through SOCKS5 as far as the door lets it, says something to the destination, and tells what it heard. */
    private static String saidUntilTheEnd(InetSocketAddress door) throws IOException {
        StringJoiner heard = new StringJoiner(" ");
        try (Socket program = new Socket(door.getAddress(), door.getPort())) {
            program.setSoTimeout(60_000);
            InputStream in = program.getInputStream();
            program.getOutputStream().write(new byte[] {5, 1, 0});
            for (int answer = in.read(); answer >= 0; answer = in.read()) {
                heard.add(Integer.toString(answer));
                if (heard.toString().equals("5 0")) {
                    program.getOutputStream().write(new byte[] {5, 1, 0, 1, 127, 0, 0, 1, 0, 7});
                } else if (heard.toString().split(" ", -1).length == 12) {
                    program.getOutputStream().write("POST / HTTP/1.1".getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (SocketException reset) {
            return heard.toString();
        }
        return heard.toString();
    }

    @Test
    void atASocketsPathAsWell() throws IOException {
        Path path = folder.resolve("door.sock");
        AllowedUsers others = new AllowedUsers(false, Set.of(4242));
        try (TestDoor door = TestDoor.forUsers(others, OpenMode.CONFIRM, path.toString());
                SocketChannel program = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            assertThat(program.read(ByteBuffer.allocate(1))).isNegative();
            assertThat(door.gateway().hasNoFurtherStream()).isTrue();
        }
    }
}
