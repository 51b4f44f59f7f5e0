package holdfast.client.door;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.client.fixture.Program;
import holdfast.client.fixture.Sites;
import holdfast.client.fixture.TestDoor;
import holdfast.client.opening.OpenMode;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.transport.TransportKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrontDoorTest {
    private static final byte[] CONNECT = {5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 7};
    private static final byte[] CONNECTED = {5, 0, 5, 0, 0, 1, (byte) 192, 0, 2, 10, (byte) 0x9c, 0x41};

    @TempDir
    Path folder;

    @Test
    void severalListenersServeAtOnce() throws IOException {
        try (TestDoor door = TestDoor.at("127.0.0.1:0", "[::1]:0", "0")) {
            door.gateway().site("127.0.0.1:7", Sites.echo());
            assertThat(door.addresses()).hasSize(3).doesNotHaveDuplicates();

            for (InetSocketAddress each : door.addresses()) {
                try (Program program = Program.connect(each)) {
                    program.says(CONNECT).hears(CONNECTED).says("hello").hears("hello");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aUnixDomainListenerServesItsOwnerOnly(TransportKind kind) throws IOException {
        Path path = folder.resolve("door.sock");
        try (TestDoor door = TestDoor.at(kind, "unix:" + path)) {
            door.gateway().site("127.0.0.1:7", Sites.echo());
            assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-------"));

            try (SocketChannel program = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                program.write(ByteBuffer.wrap(CONNECT));
                program.write(ByteBuffer.wrap("hello".getBytes(US_ASCII)));
                program.shutdownOutput();

                assertThat(readAll(program))
                        .isEqualTo(ByteBuffer.allocate(CONNECTED.length + 5)
                                .put(CONNECTED)
                                .put("hello".getBytes(US_ASCII))
                                .array());
            }
        }
    }

    @Test
    void aSocketFileThatAKilledProgramLeftIsReplaced() throws IOException {
        Path path = folder.resolve("door.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(path))
                .close();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));

        try (TestDoor door = TestDoor.at("unix:" + path);
                SocketChannel program = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            door.gateway().site("127.0.0.1:7", Sites.echo());
            program.write(ByteBuffer.wrap(CONNECT));
            program.shutdownOutput();

            assertThat(readAll(program)).isEqualTo(CONNECTED);
        }
    }

    @Test
    void aSocketFileThatIsServedIsLeftAlone() throws IOException {
        Path path = folder.resolve("door.sock");
        try (TestDoor door = TestDoor.at("unix:" + path)) {
            assertThatThrownBy(() -> TestDoor.at("unix:" + path))
                    .isInstanceOfSatisfying(
                            FatalException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CANNOT_CREATE))
                    .hasMessageContaining(path.toString())
                    .hasMessageContaining("another program listens there");
            assertThat(path).exists();
            assertThat(door.gateway().hasNoFurtherStream()).isTrue();
        }
    }

    @Test
    void aFileThatIsNotASocketIsLeftAlone() throws IOException {
        Path path = Files.writeString(folder.resolve("door.sock"), "mine");

        assertThatThrownBy(() -> TestDoor.at("unix:" + path))
                .isInstanceOf(FatalException.class)
                .hasMessageContaining("not a socket");

        assertThat(path).hasContent("mine");
    }

    @Test
    void aPortInUseEndsTheProgramWith73AndAdvice() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + other.getLocalPort();

            assertThatThrownBy(() -> TestDoor.at("0", address))
                    .isInstanceOfSatisfying(
                            FatalException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CANNOT_CREATE))
                    .hasMessageContaining("cannot listen at " + address)
                    .hasMessageContaining("-D PORT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:0", "*:0", ":0", "[::]:0", "192.0.2.1:0"})
    void listeningForOthersWithoutAPasswordEndsTheProgramWith78(String address) {
        assertThatThrownBy(() -> TestDoor.at("127.0.0.1:0", address))
                .isInstanceOfSatisfying(
                        FatalException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIG))
                .hasMessageContaining("other machines")
                .hasMessageContaining("password");
    }

    @Test
    void listeningForOthersWithAPasswordIsAllowed() throws IOException {
        try (TestDoor door = TestDoor.withPassword(OpenMode.CONFIRM, "alice", "secret", "0.0.0.0:0");
                Program program = door.program()) {
            program.says(5, 1, 0).hears(5, 255).hearsTheEnd();
        }
    }

    @Test
    void aClosedDoorKeepsTheConnectionsItHas() throws IOException {
        try (TestDoor door = TestDoor.open(OpenMode.CONFIRM);
                Program program = door.program()) {
            door.gateway().site("127.0.0.1:7", Sites.echo());
            program.says(CONNECT).hears(CONNECTED);
            InetSocketAddress address = door.address();

            door.stopListening();

            program.says("hello").hears("hello");
            assertThatThrownBy(() -> Program.connect(address)).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 6, 0x16, ' ', '\r', '\n', '(', 0x7f, 0x80, 0xff})
    void aFirstByteOfNoProtocolClosesThatConnectionOnly(int first) throws IOException {
        try (TestDoor door = TestDoor.open(OpenMode.CONFIRM);
                Program bystander = door.program();
                Program program = door.program()) {
            door.gateway().site("127.0.0.1:7", Sites.echo());
            bystander.says(CONNECT).hears(CONNECTED);

            program.says(first, 1, 2, 3).hearsNoMore();

            bystander.says("hello").hears("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u0005",
                "\u0005\u0001",
                "\u0005\u0001\u0000",
                "\u0004\u0001",
                "G",
                "GET / HTTP/1.1\r\nHost: "
            })
    void aProgramThatDoesNotSayWhatItWantsIsLetGoInTime(String begin) throws IOException {
        try (TestDoor door = TestDoor.withTimeout(Duration.ofMillis(200));
                Program program = door.program()) {
            program.says(begin);

            assertThat(program.hearsAll()).isIn("", "\u0005\u0000");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void anIdleTunnelOutlivesTheTimeForARequest(TransportKind kind) throws IOException, InterruptedException {
        Duration timeout = Duration.ofMillis(100);
        try (TestDoor door = TestDoor.withTimeout(kind, timeout);
                Program idle = door.program();
                Program silent = door.program()) {
            door.gateway().site("127.0.0.1:7", Sites.echo());
            idle.says(CONNECT).hears(CONNECTED);

            silent.hearsTheEnd(); // and by then its time is over

            idle.says("hello").hears("hello");
        }
    }

    private static byte[] readAll(SocketChannel program) throws IOException {
        ByteBuffer heard = ByteBuffer.allocate(1000);
        while (program.read(heard) >= 0) {
            assertThat(heard.hasRemaining()).isTrue();
        }
        return Arrays.copyOf(heard.array(), heard.position());
    }
}
