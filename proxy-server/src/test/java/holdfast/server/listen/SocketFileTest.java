package holdfast.server.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.protocol.Destination;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import holdfast.server.fixture.ClientStream;
import holdfast.server.fixture.TestBudget;
import holdfast.server.policy.Grants;
import holdfast.server.policy.OwnAddresses;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Rule;
import holdfast.server.policy.Rules;
import holdfast.server.policy.Sections;
import holdfast.transport.EventLoops;
import holdfast.transport.TransportKind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** LISTEN at Unix-domain sockets: for the owner only, in nobody's way, and gone afterwards. */
final class SocketFileTest {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    @TempDir
    private Path folder = Path.of("");

    @TempDir
    private Path budgets = Path.of("");

    private Path path = Path.of("");

    @BeforeEach
    void name() {
        path = folder.resolve("app.sock");
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aSocketIsItsOwnersAndEndsWithTheStream(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = listen(loops);
            assertThat(stream.boundAt()).isEqualTo(new Destination.Unix(path.toString()));
            assertThat(permissions()).isEqualTo("rw-------");

            try (SocketChannel caller = connect()) {
                ClientStream connection = stream.connection();
                caller.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));

                assertThat(connection.peer()).isEqualTo(new Destination.Unix(path.toString()));
                assertThat(connection.next()).isEqualTo("write hello");
                stream.resets();
                awaitGone();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void whatSomebodyListensAtStays(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test");
                ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));

            assertThat(listen(loops).next()).isEqualTo("reject ADDRESS_UNAVAILABLE");

            try (SocketChannel caller = connect()) {
                assertThat(caller.isConnected()).isTrue();
            }
        }
    }

    @Test
    void aFileAFolderAPipeAndALinkStay() throws Exception {
        try (EventLoops loops = EventLoops.start(TransportKind.NIO, 1, "test")) {
            Files.writeString(path, "precious");
            assertThat(listen(loops).next()).isEqualTo("reject ADDRESS_UNAVAILABLE");
            assertThat(path).hasContent("precious");
            Files.delete(path);

            Files.createDirectory(path);
            assertThat(listen(loops).next()).isEqualTo("reject ADDRESS_UNAVAILABLE");
            assertThat(path).isDirectory();
            Files.delete(path);

            assertThat(new ProcessBuilder("mkfifo", "-m", "600", path.toString())
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(listen(loops).next()).isEqualTo("reject ADDRESS_UNAVAILABLE");
            assertThat(path).exists();
            Files.delete(path);

            Files.createSymbolicLink(path, folder.resolve("nowhere.sock"));
            assertThat(listen(loops).next()).isEqualTo("reject ADDRESS_UNAVAILABLE");
            assertThat(path).isSymbolicLink();
        }
    }

    @Test
    void whatAKilledGatewayLeftIsReplacedAndWhatOthersLeftIsNot() throws Exception {
        try (EventLoops loops = EventLoops.start(TransportKind.EPOLL, 1, "test")) {
            leaveBehind("rw-rw----");
            assertThat(listen(loops).next()).isEqualTo("reject ADDRESS_UNAVAILABLE");
            assertThat(permissions()).isEqualTo("rw-rw----");
            Files.delete(path);

            leaveBehind("rw-------");
            ClientStream stream = listen(loops);
            assertThat(stream.next()).isEqualTo("accept");
            connect().close();
            stream.resets();
            awaitGone();
        }
    }

    @Test
    void whereNoFolderIsNobodyListens() throws Exception {
        path = folder.resolve("missing/app.sock");
        try (EventLoops loops = EventLoops.start(TransportKind.EPOLL, 1, "test")) {
            assertThat(listen(loops).next()).isEqualTo("reject ADDRESS_UNAVAILABLE");
        }
    }

    @Test
    void aPathWithoutARuleIsNotListenedAt() throws Exception {
        try (EventLoops loops = EventLoops.start(TransportKind.EPOLL, 1, "test")) {
            for (String each : List.of("other.sock", "sub/app.sock", "../app.sock", "./app.sock", "app.sock/")) {
                assertThat(listen(loops, folder + "/" + each).next()).as(each).isEqualTo("reject NOT_ALLOWED");
            }
            assertThat(folder).isEmptyDirectory();
        }
    }

    private ClientStream listen(EventLoops loops) throws IOException {
        return listen(loops, path.toString());
    }

    private ClientStream listen(EventLoops loops, String at) throws IOException {
        ClientStream stream = new ClientStream(loops.next());
        TestBudget budget = new TestBudget(budgets);
        Rules rules = Rules.of(
                Rule.allowListen(folder + "/app*.sock"), Rule.allowListen(folder + "/missing/*"), Rule.allow("/*/*"));
        Policy policy = new Policy(new Sections(rules, Map.of(), Map.of(), Map.of()), OwnAddresses.of(List.of()));
        ListenPolicy listening = new ListenPolicy(() -> policy, new Grants(() -> policy));
        new ListenService(loops, listening, budget.admission(), Runnable::run)
                .serve(budget.session(), stream, OpenRequest.of(StreamKind.LISTEN, new Destination.Unix(at)));
        return stream;
    }

    /** As a program that is killed does. */
    private void leaveBehind(String permissions) throws IOException {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(path));
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
    }

    private SocketChannel connect() throws IOException {
        SocketChannel caller = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            caller.connect(UnixDomainSocketAddress.of(path));
            return caller;
        } catch (IOException e) {
            caller.close();
            throw e;
        }
    }

    private String permissions() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private void awaitGone() {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            assertThat(System.nanoTime()).as(path + " is still there").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
