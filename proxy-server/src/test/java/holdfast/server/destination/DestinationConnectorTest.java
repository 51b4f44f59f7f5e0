package holdfast.server.destination;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.server.policy.Verdict;
import holdfast.transport.EventLoops;
import holdfast.transport.TransportKind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real sockets on loopback addresses, of which this machine has many. */
final class DestinationConnectorTest {
    private static final InetAddress ONE = address("127.0.0.1");
    private static final InetAddress TWO = address("127.0.0.2");
    private static final AddressCheck EVERYTHING = (user, kind, name, address, port) -> new Verdict(true, "test");
    private static final ConnectLimits PATIENT = new ConnectLimits(50, 20_000);

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aSocketThatRelaysCanUseComesOut(TransportKind kind) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, ONE);
                EventLoops loops = EventLoops.start(kind, 1, "test")) {
            Connected connected = connect(loops, EVERYTHING, PATIENT, ip(ONE, server));

            Channel socket = connected.socket();
            assertThat(socket.remoteAddress()).isEqualTo(server.getLocalSocketAddress());
            assertThat(socket.eventLoop()).isSameAs(connected.loop);
            assertThat(socket.config().isAutoRead()).isFalse();
            assertThat(socket.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE))
                    .isTrue();
            assertThat(socket.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
            assertThat(socket.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aPortNobodyListensAtRefuses(TransportKind kind) throws Exception {
        int port = unusedPort();
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            Refusal refusal = connect(loops, EVERYTHING, PATIENT, new Destination.Ip(ONE, port))
                    .refusal();

            assertThat(refusal.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
            assertThat(refusal.text()).isEqualTo("127.0.0.1:" + port + ": connection refused");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aSocketFileIsConnectedToWhereItIsAllowed(TransportKind kind, @TempDir Path folder) throws Exception {
        Path open = folder.resolve("open.sock");
        Path closed = folder.resolve("closed");
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(open));
                Channel socket = connect(loops, EVERYTHING, PATIENT, new Destination.Unix(open.toString()))
                        .socket();
                assertThat(socket.config().isAutoRead()).isFalse();
            }
            assertThat(connect(loops, EVERYTHING, PATIENT, new Destination.Unix(closed.toString()))
                            .refusal())
                    .isEqualTo(new Refusal(ErrorCode.NOT_ALLOWED, "only sockets"));
            assertThat(connect(loops, EVERYTHING, PATIENT, new Destination.Unix(open.toString()))
                            .refusal())
                    .isEqualTo(new Refusal(ErrorCode.CONNECTION_REFUSED, open + ": nobody listens there"));
            assertThat(connect(loops, EVERYTHING, PATIENT, new Destination.Unix(folder + "/none.sock"))
                            .refusal())
                    .isEqualTo(new Refusal(ErrorCode.CONNECTION_REFUSED, folder + "/none.sock: nobody listens there"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void anAddressToWhichThereIsNoRouteIsUnreachable(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            // No TCP connection can be routed to the broadcast address, whatever routes there are.
            Destination broadcast = new Destination.Ip(address("255.255.255.255"), 80);

            assertThat(connect(loops, EVERYTHING, PATIENT, broadcast).refusal().code())
                    .isEqualTo(ErrorCode.NETWORK_UNREACHABLE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aServerThatDoesNotAnswerTimesOut(TransportKind kind) throws Exception {
        try (SilentServer silent = new SilentServer(ONE, 0);
                EventLoops loops = EventLoops.start(kind, 1, "test")) {
            Refusal refusal = connect(
                            loops, EVERYTHING, new ConnectLimits(50, 300), new Destination.Ip(ONE, silent.port()))
                    .refusal();

            assertThat(refusal.code()).isEqualTo(ErrorCode.TIMED_OUT);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void anAddressThatIsSilentDoesNotHoldUpTheNext(TransportKind kind) throws Exception {
        try (SilentServer silent = new SilentServer(TWO, 0);
                ServerSocket server = new ServerSocket(silent.port(), 10, ONE);
                EventLoops loops = EventLoops.start(kind, 1, "test")) {
            Connected connected = connect(
                    loops, EVERYTHING, PATIENT, name("two.example", server), Map.of("two.example", List.of(TWO, ONE)));

            assertThat(connected.socket().remoteAddress()).isEqualTo(server.getLocalSocketAddress());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void anAddressThatRefusesIsFollowedByTheNextAtOnce(TransportKind kind) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, ONE);
                EventLoops loops = EventLoops.start(kind, 1, "test")) {
            Connected connected = connect(
                    loops,
                    EVERYTHING,
                    new ConnectLimits(3_600_000, 3_600_000),
                    name("two.example", server),
                    Map.of("two.example", List.of(TWO, ONE)));

            assertThat(connected.socket().remoteAddress()).isEqualTo(server.getLocalSocketAddress());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void theMostTellingOfSeveralFailuresIsTold(TransportKind kind) throws Exception {
        try (SilentServer silent = new SilentServer(TWO, 0);
                EventLoops loops = EventLoops.start(kind, 1, "test")) {
            Destination destination = new Destination.Name("many.example", silent.port());
            List<InetAddress> addresses = List.of(TWO, address("255.255.255.255"), ONE);

            Refusal refusal = connect(
                            loops,
                            EVERYTHING,
                            new ConnectLimits(10, 500),
                            destination,
                            Map.of("many.example", addresses))
                    .refusal();

            assertThat(refusal.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
        }
    }

    @Test
    void theLosersOfARaceAreClosed() throws Exception {
        try (ServerSocket slow = new ServerSocket(0, 10, TWO);
                ServerSocket server = new ServerSocket(slow.getLocalPort(), 10, ONE);
                EventLoops loops = EventLoops.start(TransportKind.AUTO, 1, "test")) {
            Connected connected = connect(
                    loops,
                    EVERYTHING,
                    new ConnectLimits(0, 20_000),
                    name("both.example", server),
                    Map.of("both.example", List.of(TWO, ONE)));

            InetSocketAddress winner = (InetSocketAddress) connected.socket().remoteAddress();
            ServerSocket other = winner.getAddress().equals(ONE) ? slow : server;
            other.setSoTimeout(200);
            try (Socket loser = other.accept()) {
                assertThat(loser.getInputStream().read()).isEqualTo(-1);
            } catch (SocketTimeoutException neverStarted) {
                assertThat(neverStarted).isNotNull();
            }
        }
    }

    @Test
    void everyAddressOfANameIsCheckedAndOnlyTheAllowedAreTried() throws Exception {
        Set<InetAddress> asked = ConcurrentHashMap.newKeySet();
        AddressCheck onlyOne = (user, kind, name, address, port) -> {
            asked.add(address);
            return new Verdict(address.equals(ONE), address.getHostAddress() + " is closed");
        };
        try (ServerSocket forbidden = new ServerSocket(0, 10, TWO);
                ServerSocket server = new ServerSocket(forbidden.getLocalPort(), 10, ONE);
                EventLoops loops = EventLoops.start(TransportKind.AUTO, 1, "test")) {
            Map<String, List<InetAddress>> names =
                    Map.of("both.example", List.of(TWO, ONE), "bad.example", List.of(TWO));

            Connected connected = connect(loops, onlyOne, PATIENT, name("both.example", server), names);
            Refusal refusal = connect(loops, onlyOne, PATIENT, name("bad.example", server), names)
                    .refusal();

            assertThat(connected.socket().remoteAddress()).isEqualTo(server.getLocalSocketAddress());
            assertThat(asked).containsExactlyInAnyOrder(ONE, TWO);
            assertThat(refusal).isEqualTo(new Refusal(ErrorCode.NOT_ALLOWED, "127.0.0.2 is closed"));
            forbidden.setSoTimeout(100);
            assertThat(accepts(forbidden)).isFalse();
        }
    }

    @Test
    void aNameThatChangesItsAnswerIsAskedForOnce() throws Exception {
        AtomicInteger questions = new AtomicInteger();
        NameLookup rebinding = name -> new InetAddress[] {questions.getAndIncrement() == 0 ? ONE : TWO};
        AddressCheck onlyOne = (user, kind, name, address, port) -> new Verdict(address.equals(ONE), "closed");
        try (ServerSocket server = new ServerSocket(0, 10, ONE);
                EventLoops loops = EventLoops.start(TransportKind.AUTO, 1, "test");
                Resolver resolver = new Resolver(rebinding, 1, 10, 5_000)) {
            Connected connected = connect(loops, resolver, onlyOne, PATIENT, name("rebinding.example", server));

            assertThat(connected.socket().remoteAddress()).isEqualTo(server.getLocalSocketAddress());
            assertThat(questions).hasValue(1);
        }
    }

    @Test
    void otherSpellingsOfAnAddressReachNoResolver() throws Exception {
        ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
        NameLookup spy = name -> {
            asked.add(name);
            return new InetAddress[] {ONE};
        };
        try (EventLoops loops = EventLoops.start(TransportKind.AUTO, 1, "test");
                Resolver resolver = new Resolver(spy, 1, 10, 5_000)) {
            for (String host : List.of("127.1", "0x7f.1", "017700000001", "2130706433", "0177.0.0.1", "::ffff:127.1")) {
                Refusal refusal = connect(loops, resolver, EVERYTHING, PATIENT, new Destination.Name(host, 80))
                        .refusal();
                assertThat(refusal.code()).as(host).isEqualTo(ErrorCode.NAME_NOT_FOUND);
            }
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void anAddressInsideANameIsCheckedByItsBytes() throws Exception {
        ConcurrentLinkedQueue<InetAddress> asked = new ConcurrentLinkedQueue<>();
        AddressCheck nothing = (user, kind, name, address, port) -> {
            asked.add(address);
            return new Verdict(false, "closed");
        };
        try (EventLoops loops = EventLoops.start(TransportKind.AUTO, 1, "test")) {
            for (String host : List.of("127.0.0.1", "::ffff:127.0.0.1", "[::ffff:7f00:1]")) {
                Refusal refusal = connect(loops, nothing, PATIENT, new Destination.Name(host, 80))
                        .refusal();
                assertThat(refusal.code()).as(host).isEqualTo(ErrorCode.NOT_ALLOWED);
            }
            assertThat(asked).containsExactly(ONE, ONE, ONE);
        }
    }

    @Test
    void unixDomainSocketsAreNotOpen() throws Exception {
        try (EventLoops loops = EventLoops.start(TransportKind.AUTO, 1, "test")) {
            assertThat(connect(loops, EVERYTHING, PATIENT, new Destination.Unix("/run/x"))
                            .refusal()
                            .code())
                    .isEqualTo(ErrorCode.NOT_ALLOWED);
        }
    }

    @Test
    void aCancelledAttemptClosesItsSocketAndTellsNobody() throws Exception {
        try (SilentServer silent = new SilentServer(ONE, 0);
                EventLoops loops = EventLoops.start(TransportKind.AUTO, 1, "test")) {
            EventLoop loop = loops.next();
            Connected connected = new Connected(loop);
            DestinationConnector connector = connector(loops, new Resolver(), EVERYTHING, new ConnectLimits(10, 100));
            loop.submit(() -> connector
                            .connect(loop, "user", new Destination.Ip(ONE, silent.port()), connected)
                            .cancel())
                    .sync();

            // Longer than the attempt would have lasted.
            loop.schedule(() -> {}, 300, TimeUnit.MILLISECONDS).sync();
            assertThat(connected.outcome).isNotDone();
        }
    }

    private static Connected connect(
            EventLoops loops, AddressCheck check, ConnectLimits limits, Destination destination) {
        return connect(loops, check, limits, destination, Map.of());
    }

    private static Connected connect(
            EventLoops loops,
            AddressCheck check,
            ConnectLimits limits,
            Destination destination,
            Map<String, List<InetAddress>> names) {
        Resolver resolver =
                new Resolver(name -> names.getOrDefault(name, List.of()).toArray(new InetAddress[0]), 1, 10, 5_000);
        return connect(loops, resolver, check, limits, destination);
    }

    private static Connected connect(
            EventLoops loops, Resolver resolver, AddressCheck check, ConnectLimits limits, Destination destination) {
        EventLoop loop = loops.next();
        Connected connected = new Connected(loop);
        DestinationConnector connector = connector(loops, resolver, check, limits);
        loop.execute(() -> connector.connect(loop, "user", destination, connected));
        return connected;
    }

    private static DestinationConnector connector(
            EventLoops loops, Resolver resolver, AddressCheck check, ConnectLimits limits) {
        return new DestinationConnector(
                loops,
                new AddressFinder(resolver, check),
                (user, path) -> new Verdict(path.endsWith(".sock"), "only sockets"),
                limits);
    }

    private static Destination ip(InetAddress address, ServerSocket server) {
        return new Destination.Ip(address, server.getLocalPort());
    }

    private static Destination name(String name, ServerSocket server) {
        return new Destination.Name(name, server.getLocalPort());
    }

    private static boolean accepts(ServerSocket server) throws Exception {
        try (Socket accepted = server.accept()) {
            return accepted.isConnected();
        } catch (SocketTimeoutException nobody) {
            return false;
        }
    }

    private static int unusedPort() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, ONE)) {
            return server.getLocalPort();
        }
    }

    private static InetAddress address(String text) {
        InetAddress address = HostText.address(text);
        if (address == null) {
            throw new AssertionError(text);
        }
        return address;
    }

    /** Listens, but its queue is full: further connections get no answer. */
    private static final class SilentServer implements AutoCloseable {
        private final ServerSocket server;
        private final List<Socket> queued = new ArrayList<>();

        SilentServer(InetAddress address, int port) throws IOException {
            server = new ServerSocket(port, 1, address);
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket();
                queued.add(socket);
                try {
                    socket.connect(server.getLocalSocketAddress(), 100);
                } catch (SocketTimeoutException full) {
                    return;
                }
            }
            throw new AssertionError("the queue never gets full");
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (Socket each : queued) {
                each.close();
            }
            server.close();
        }
    }

    private static final class Connected implements DestinationConnector.Outcome {
        private final EventLoop loop;
        private final CompletableFuture<Object> outcome = new CompletableFuture<>();

        Connected(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public void onConnected(Channel socket) {
            assertThat(loop.inEventLoop()).isTrue();
            assertThat(outcome.complete(socket)).isTrue();
        }

        @Override
        public void onRefused(Refusal refusal) {
            assertThat(loop.inEventLoop()).isTrue();
            assertThat(outcome.complete(refusal)).isTrue();
        }

        Channel socket() throws Exception {
            return (Channel) outcome.get(30, TimeUnit.SECONDS);
        }

        Refusal refusal() throws Exception {
            return (Refusal) outcome.get(30, TimeUnit.SECONDS);
        }
    }
}
