package holdfast.server.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.Destination;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import holdfast.server.destination.AddressCheck;
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
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Associations with real sockets on loopback addresses, of which this machine has many. */
final class UdpServiceTest {
    private static final OpenRequest ASSOCIATION = OpenRequest.of(StreamKind.UDP, Destination.parse("0.0.0.0:0"));

    private final Set<InetAddress> closed = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Policy> rules = new AtomicReference<>(policy());
    private final Grants grants = new Grants(rules::get);
    private final Resolver resolver = new Resolver();

    @TempDir
    private Path folder = Path.of("");

    private DatagramSocket server = socket("127.0.0.1");

    @BeforeEach
    void patience() throws IOException {
        server.setSoTimeout(20_000);
    }

    @AfterEach
    void close() {
        server.close();
        resolver.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aDatagramGoesOutAndItsAnswerComesBackWithItsAddress(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = open(loops);

            stream.sends(at(server), "question");
            DatagramPacket question = receive();
            answer(server, question.getSocketAddress(), "answer");

            assertThat(text(question)).isEqualTo("question");
            assertThat(stream.next()).isEqualTo("datagram " + at(server) + " answer");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aDatagramWithoutBytesIsOneToo(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = open(loops);

            stream.sends(at(server), "");
            DatagramPacket question = receive();
            answer(server, question.getSocketAddress(), "");

            assertThat(text(question)).isEmpty();
            assertThat(stream.next()).isEqualTo("datagram " + at(server) + " ");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aNameIsResolvedHere(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = open(loops);

            stream.sends(new Destination.Name("localhost", server.getLocalPort()), "by name");
            stream.sends(new Destination.Name("localhost", server.getLocalPort()), "again");

            assertThat(text(receive())).isEqualTo("by name");
            assertThat(text(receive())).isEqualTo("again");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void onlyWhoWasSentToMayAnswer(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test");
                DatagramSocket otherPort = socket("127.0.0.1");
                DatagramSocket otherAddress =
                        new DatagramSocket(new InetSocketAddress("127.0.0.2", server.getLocalPort()))) {
            ClientStream stream = open(loops);
            stream.sends(at(server), "question");
            SocketAddress association = receive().getSocketAddress();

            answer(otherPort, association, "stranger");
            answer(otherAddress, association, "stranger");
            answer(server, association, "answer");

            assertThat(stream.next()).isEqualTo("datagram " + at(server) + " answer");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void everyDatagramIsHeldAgainstThePolicy(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = open(loops);
            stream.sends(new Destination.Name("localhost", server.getLocalPort()), "one");
            assertThat(text(receive())).isEqualTo("one");

            closed.add(InetAddress.getLoopbackAddress());
            stream.sends(at(server), "two");
            stream.sends(new Destination.Name("localhost", server.getLocalPort()), "three");
            loops.group().next().submit(() -> closed.clear()).get();
            stream.sends(at(server), "four");

            assertThat(text(receive())).isEqualTo("four");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void whomLaterRulesForbidDoesNotAnswerAnyMore(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test");
                DatagramSocket stays = socket("127.0.0.3")) {
            ClientStream stream = open(loops);
            stream.sends(at(server), "question");
            SocketAddress association = receive().getSocketAddress();
            stream.sends(at(stays), "question");
            stays.receive(new DatagramPacket(new byte[100], 100));

            rules.set(policy("udp 127.0.0.1"));
            assertThat(grants.recheck()).as("associations that ended").isZero();
            answer(server, association, "too late");
            answer(stays, association, "answer");

            assertThat(stream.next()).isEqualTo("datagram " + at(stays) + " answer");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void anAssociationWhoseContactsAreAllForbiddenEnds(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = open(loops);
            stream.sends(at(server), "question");
            receive();

            rules.set(policy("udp *"));

            assertThat(grants.recheck()).isEqualTo(1);
            assertThat(stream.next()).isEqualTo("reset NOT_ALLOWED");
            assertThat(grants.count()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void nothingGoesToManyAtOnceOrNowhere(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = open(loops);

            for (String each : new String[] {
                "255.255.255.255:9", "224.0.0.1:9", "[ff02::1]:9", "0.0.0.0:9", "127.0.0.1:0", "unix:/tmp/x"
            }) {
                stream.sends(Destination.parse(each), "lost");
            }
            stream.sends(at(server), "found");

            assertThat(text(receive())).isEqualTo("found");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void theSocketEndsWithItsStream(TransportKind kind) throws Exception {
        TestBudget budget = new TestBudget(folder);
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            ClientStream stream = new ClientStream(loops.next());
            service(loops, budget).serve(budget.session(), stream, ASSOCIATION);
            int port = stream.bound().port();
            assertThat(budget.streams()).isEqualTo(1);

            stream.resets();

            loops.next().submit(() -> {}).get();
            // A turn of the loop more: the JDK frees a closed socket's port only when its selector has been asked
            // again.
            loops.next().schedule(() -> {}, 1, TimeUnit.MILLISECONDS).get();
            assertThat(budget.streams()).isZero();
            try (DatagramSocket again = new DatagramSocket(new InetSocketAddress("0.0.0.0", port))) {
                assertThat(again.getLocalPort()).isEqualTo(port);
            }
        }
    }

    private ClientStream open(EventLoops loops) throws Exception {
        ClientStream stream = new ClientStream(loops.next());
        TestBudget budget = new TestBudget(folder);
        service(loops, budget).serve(budget.session(), stream, ASSOCIATION);
        assertThat(stream.next()).isEqualTo("accept");
        return stream;
    }

    private UdpService service(EventLoops loops, TestBudget budget) {
        AddressCheck check = (user, kind, name, address, port) ->
                new Verdict(!closed.contains(address) && kind == StreamKind.UDP, "test");
        return new UdpService(loops, new AddressFinder(resolver, check), check, budget.admission(), grants);
    }

    private static Policy policy(String... denied) {
        Rules rules = Rules.of(Stream.concat(
                        Stream.of(Rule.allow("127.0.0.0/8")),
                        Stream.of(denied).map(each -> Rule.parse(false, each, "test")))
                .toArray(Rule[]::new));
        return new Policy(new Sections(rules, Map.of(), Map.of(), Map.of()), OwnAddresses.of(List.of()));
    }

    private DatagramPacket receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        server.receive(packet);
        return packet;
    }

    private static void answer(DatagramSocket from, SocketAddress to, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        from.send(new DatagramPacket(bytes, bytes.length, loopback(to)));
    }

    private static SocketAddress loopback(SocketAddress of) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ((InetSocketAddress) of).getPort());
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    private static Destination at(DatagramSocket socket) {
        return new Destination.Ip(socket.getLocalAddress(), socket.getLocalPort());
    }

    private static DatagramSocket socket(String address) {
        try {
            return new DatagramSocket(new InetSocketAddress(address, 0));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
