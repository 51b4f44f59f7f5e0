package holdfast.server.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import holdfast.server.destination.AddressFinder;
import holdfast.server.destination.Resolver;
import holdfast.server.fixture.ClientStream;
import holdfast.server.fixture.TestBudget;
import holdfast.server.policy.Grants;
import holdfast.server.policy.OwnAddresses;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Rule;
import holdfast.server.policy.Rules;
import holdfast.server.policy.Sections;
import holdfast.server.policy.Verdict;
import holdfast.transport.EventLoops;
import holdfast.transport.TransportKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** BIND and LISTEN with real sockets on loopback addresses. */
final class ListeningTest {
    private static final String RANGE = "127.0.0.1:20000-29999";

    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Resolver resolver = new Resolver();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void close() {
        resolver.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void everyConnectionToAListenerIsHandedOver(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = listen(loops, RANGE, "127.0.0.1:0");
            assertThat(stream.next()).isEqualTo("accept");
            Destination.Ip at = stream.bound();

            for (int i = 0; i < 3; i++) {
                try (Socket caller = connect("127.0.0.1", at)) {
                    caller.getOutputStream().write(bytes("hello " + i));
                    ClientStream connection = stream.connection();
                    connection.says("welcome");

                    assertThat(connection.peer()).isEqualTo(ip(caller.getLocalSocketAddress()));
                    assertThat(connection.next()).isEqualTo("write hello " + i);
                    assertThat(caller.getInputStream().readNBytes(7)).isEqualTo(bytes("welcome"));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aListenerEndsWithItsStreamAndItsConnectionsGoOn(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = listen(loops, RANGE, "127.0.0.1:0");
            Destination.Ip at = stream.bound();
            try (Socket caller = connect("127.0.0.1", at)) {
                ClientStream connection = stream.connection();

                stream.resets();
                loops.next().submit(() -> {}).get();

                awaitClosed("127.0.0.1", at);
                connection.says("still here");
                assertThat(caller.getInputStream().readNBytes(10)).isEqualTo(bytes("still here"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aListenerThatIsNotAllowedAnyMoreEndsWithItsConnections(TransportKind kind) throws Exception {
        AtomicReference<Policy> rules = new AtomicReference<>(rules(RANGE));
        Grants grants = new Grants(rules::get);
        TestBudget budget = new TestBudget(folder);
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = new ClientStream(loops.next());
            new ListenService(loops, new ListenPolicy(rules::get, grants), budget.admission(), Runnable::run)
                    .serve(
                            budget.session(),
                            stream,
                            OpenRequest.of(StreamKind.LISTEN, Destination.parse("127.0.0.1:0")));
            assertThat(stream.next()).isEqualTo("accept");
            Destination.Ip at = stream.bound();
            try (Socket caller = connect("127.0.0.1", at)) {
                ClientStream connection = stream.connection();
                connection.says("welcome");
                assertThat(caller.getInputStream().readNBytes(7)).isEqualTo(bytes("welcome"));

                rules.set(rules("127.0.0.1:9"));

                assertThat(grants.recheck()).isEqualTo(2);
                assertThat(stream.next()).isEqualTo("reset NOT_ALLOWED");
                assertThat(connection.next()).isEqualTo("reset NOT_ALLOWED");
                assertThatThrownBy(() -> caller.getInputStream().read()).isInstanceOf(IOException.class);
                awaitClosed("127.0.0.1", at);
                assertThat(grants.count()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aConnectionThatTheClientRejectsIsReset(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = listen(loops, RANGE, "127.0.0.1:0");
            try (Socket caller = connect("127.0.0.1", stream.bound())) {
                stream.connection().rejects(ErrorCode.CONNECTION_REFUSED);

                assertThatThrownBy(() -> caller.getInputStream().read()).isInstanceOf(IOException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void nothingIsListenedAtWithoutARule(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            assertThat(listen(loops, RANGE, "127.0.0.1:19999").next()).isEqualTo("reject NOT_ALLOWED");
            assertThat(listen(loops, RANGE, "127.0.0.2:20000").next()).isEqualTo("reject NOT_ALLOWED");
            assertThat(listen(loops, RANGE, "0.0.0.0:20000").next()).isEqualTo("reject NOT_ALLOWED");
            assertThat(listen(loops, "[::]:20000-29999", "[::]:20000").next()).isEqualTo("reject NOT_ALLOWED");
            assertThat(listen(loops, RANGE, "/tmp/holdfast-test.sock").next()).isEqualTo("reject NOT_ALLOWED");
            assertThat(bind(loops, "127.0.0.2:20000-29999", "127.0.0.1:20").next())
                    .isEqualTo("reject NOT_ALLOWED");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aPortThatIsTakenIsToldAsThat(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test");
                ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            ClientStream stream = listen(loops, "127.0.0.1:1-65535", "127.0.0.1:" + taken.getLocalPort());

            assertThat(stream.next()).isEqualTo("reject ADDRESS_UNAVAILABLE");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aBoundPortTakesTheExpectedPeerAndNoOther(TransportKind kind) throws Exception {
        TestBudget budget = new TestBudget(folder);
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = bind(budget, loops, RANGE, "127.0.0.3:20", 60_000);
            Destination.Ip at = stream.bound();
            assertThat(at.address()).isEqualTo(LOOPBACK);
            assertThat(at.port()).isBetween(20_000, 29_999);

            assertThatThrownBy(() -> hearFrom("127.0.0.1", at)).isInstanceOf(IOException.class);
            assertThat(stream.hasNoConnection()).isTrue();
            try (Socket peer = connect("127.0.0.3", at)) {
                ClientStream connection = stream.connection();
                assertThat(connection.peer()).isEqualTo(ip(peer.getLocalSocketAddress()));
                awaitClosed("127.0.0.3", at);
                connection.says("data");
                assertThat(peer.getInputStream().readNBytes(4)).isEqualTo(bytes("data"));
            }
            stream.resets();
            loops.next().submit(() -> {}).get();
            assertThat(budget.streams()).isLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aPeerMayBeNamedOrAnybody(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream named = bind(loops, RANGE, "localhost:20");
            try (Socket peer = connect("127.0.0.1", named.bound())) {
                assertThat(named.connection().peer()).isEqualTo(ip(peer.getLocalSocketAddress()));
            }
            ClientStream anybody = bind(loops, "1024-65535", "0.0.0.0:0");
            Destination.Ip at = anybody.bound();
            try (Socket peer = connect(at.address().getHostAddress(), at)) {
                assertThat(anybody.connection().peer()).isEqualTo(ip(peer.getLocalSocketAddress()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aPeerThatDoesNotComeIsNotAwaitedForEver(TransportKind kind) throws Exception {
        TestBudget budget = new TestBudget(folder);
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = bind(budget, loops, RANGE, "127.0.0.1:20", 10);

            assertThat(stream.next()).isIn("accept", "reset TIMED_OUT");
            Destination.Ip at = stream.bound();
            assertThat(stream.next()).isEqualTo("reset TIMED_OUT");
            loops.next().submit(() -> {}).get();
            assertThat(budget.streams()).isZero();
            awaitClosed("127.0.0.1", at);
        }
    }

    private ClientStream listen(EventLoops loops, String rule, String at) throws Exception {
        ClientStream stream = new ClientStream(loops.next());
        TestBudget budget = new TestBudget(folder);
        new ListenService(loops, policy(rule), budget.admission(), Runnable::run)
                .serve(budget.session(), stream, OpenRequest.of(StreamKind.LISTEN, Destination.parse(at)));
        return stream;
    }

    private ClientStream bind(EventLoops loops, String rule, String peer) throws Exception {
        return bind(new TestBudget(folder), loops, rule, peer, 60_000);
    }

    private ClientStream bind(TestBudget budget, EventLoops loops, String rule, String peer, long limitMillis) {
        ClientStream stream = new ClientStream(loops.next());
        AddressFinder peers = new AddressFinder(
                resolver, (user, kind, name, address, port) -> new Verdict(true, "anybody may be a peer"));
        new BindService(loops, peers, policy(rule), budget.admission(), limitMillis)
                .serve(budget.session(), stream, OpenRequest.of(StreamKind.BIND, Destination.parse(peer)));
        return stream;
    }

    private static ListenPolicy policy(String rule) {
        Policy policy = rules(rule);
        return new ListenPolicy(() -> policy, new Grants(() -> policy));
    }

    private static Policy rules(String rule) {
        Rules rules = Rules.of(Rule.allowListen(rule));
        return new Policy(new Sections(rules, Map.of(), Map.of(), Map.of()), OwnAddresses.of(List.of()));
    }

    private static Socket connect(String from, Destination.Ip to) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(20_000);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(to.address(), to.port()), 20_000);
        return socket;
    }

    /** The first byte of a connection, if it gets so far. */
    private static int hearFrom(String from, Destination.Ip to) throws IOException {
        try (Socket socket = connect(from, to)) {
            return socket.getInputStream().read();
        }
    }

    /** Nobody listens there any more, after a while: NIO closes a listener when it looks at it next. */
    private static void awaitClosed(String from, Destination.Ip at) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < end) {
            try {
                hearFrom(from, at);
            } catch (ConnectException closed) {
                return;
            } catch (IOException turnedAway) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("somebody listens at " + at);
    }

    private static Destination ip(SocketAddress address) {
        InetSocketAddress tcp = (InetSocketAddress) address;
        return new Destination.Ip(tcp.getAddress(), tcp.getPort());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
