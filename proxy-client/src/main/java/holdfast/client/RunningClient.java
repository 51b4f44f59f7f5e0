package holdfast.client;

import holdfast.agreement.AcceptRules;
import holdfast.client.binding.BindingDoor;
import holdfast.client.config.ForwardSpec;
import holdfast.client.dialer.PathPlan;
import holdfast.client.dns.DnsDoor;
import holdfast.client.door.AllowedUsers;
import holdfast.client.door.FrontDoor;
import holdfast.client.door.ListenAddress;
import holdfast.client.door.Listener;
import holdfast.client.door.Service;
import holdfast.client.gateways.GatewayChoice;
import holdfast.client.gateways.GatewayPlan;
import holdfast.client.gateways.GatewaySessions;
import holdfast.client.opening.Credentials;
import holdfast.client.opening.DoorPolicy;
import holdfast.client.opening.OpenMode;
import holdfast.client.reverse.RemoteForwards;
import holdfast.client.session.StreamOpener;
import holdfast.client.status.ClientStatus;
import holdfast.console.Counters;
import holdfast.driver.SessionCounters;
import holdfast.protocol.Destination;
import holdfast.transport.EventLoops;
import holdfast.transport.HandshakeThreads;
import holdfast.transport.TlsProvider;
import holdfast.transport.TransportKind;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parts of a running client, put together. Everything but slow work happens on its one event loop. */
final class RunningClient implements Serving {
    private static final int SLOW_THREADS = 4;
    private static final int SLOW_QUEUE = 1024;
    private static final long LAST_WORDS_MILLIS = 100;
    private static final long STOP_SECONDS = 5;

    private final Counters counters = new Counters();
    private final EventLoops loops;
    private final EventLoop loop;
    private final HandshakeThreads slowWork;
    private final GatewaySessions sessions;
    private final GatewayChoice choice;
    private final FrontDoor door;
    private final Rediscovery rediscovery;
    private final RemoteForwards remote;
    private final DnsDoor dns;
    private final BindingDoor bindings;
    private final int doors;
    private final boolean askPassword;

    /**
     * What a client needs to run.
     *
     * @param gateways which gateways there are, for what, and through which others they are reached
     * @param paths which ways of this machine are used, and how
     * @param ownDoor where the user's own programs find the proxy, as a path
     * @param bindings where programs ask for channel bindings
     * @param doors where all programs find it
     * @param forwards what else is listened for
     * @param remoteForwards what the gateway is to listen for
     * @param accept what the user accepts of gateways
     * @param turned and what the kernel turns here
     */
    record Parts(
            GatewayPlan gateways,
            PathPlan paths,
            Path ownDoor,
            Path bindings,
            List<ListenAddress> doors,
            List<ForwardSpec.Local> forwards,
            List<ForwardSpec> remoteForwards,
            TurnedPorts turned,
            AllowedUsers users,
            OpenMode mode,
            @Nullable Credentials credentials,
            GatewaySessions.Memories memories,
            AcceptRules accept,
            TransportKind transport,
            TlsProvider tls) {}

    private RunningClient(Parts parts) {
        doors = parts.doors().size();
        askPassword = parts.credentials() != null;
        loops = EventLoops.start(parts.transport(), 1, "client");
        loop = loops.next();
        slowWork = HandshakeThreads.start(SLOW_THREADS, SLOW_QUEUE);
        sessions = new GatewaySessions(new GatewaySessions.Parts(
                loops,
                loop,
                slowWork,
                parts.tls(),
                parts.gateways(),
                parts.paths(),
                parts.memories(),
                parts.accept(),
                new SessionCounters(counters)));
        choice = new GatewayChoice(loop, parts.gateways(), sessions.gateways());
        rediscovery = new Rediscovery(loop, slowWork, parts.gateways(), sessions.gateways());
        remote = new RemoteForwards(
                parts.remoteForwards(), sessions.gateways().values().iterator().next(), loops, loop, slowWork);
        door = new FrontDoor(loops, loop, parts.users(), slowWork, listeners(parts, choice));
        bindings = new BindingDoor(loops, loop, door.connections(), slowWork, parts.bindings());
        dns = new DnsDoor(loops, loop, choice, parts.turned().dns());
    }

    /** The user's own comes last, as nobody else has to hear of it. */
    static List<Listener> listeners(Parts parts, StreamOpener opener) {
        DoorPolicy policy = new DoorPolicy(opener, parts.mode(), parts.credentials());
        DoorPolicy withoutPassword = policy.withoutCredentials();
        List<Listener> all = new ArrayList<>();
        parts.doors().forEach(each -> all.add(new Listener(each, new Service.Proxy(policy))));
        parts.forwards()
                .forEach(each -> all.add(new Listener(each.listen(), new Service.Forward(withoutPassword, each.to()))));
        Set<InetSocketAddress> gateways = gateways(parts);
        parts.turned()
                .redirect()
                .forEach(each -> all.add(new Listener(each, new Service.Redirected(withoutPassword, false, gateways))));
        parts.turned()
                .tproxy()
                .forEach(each -> all.add(new Listener(each, new Service.Redirected(withoutPassword, true, gateways))));
        all.add(new Listener(new ListenAddress.Unix(parts.ownDoor()), new Service.Proxy(withoutPassword)));
        return all;
    }

    private static Set<InetSocketAddress> gateways(Parts parts) {
        return parts.gateways().addresses().stream()
                .map(Destination::parse)
                .filter(Destination.Ip.class::isInstance)
                .map(each -> new InetSocketAddress(((Destination.Ip) each).address(), each.port()))
                .collect(Collectors.toSet());
    }

    /** Opens the front door and starts dialing. Runs {@code decided} once the gateway was reached, or could not be at first. */
    static RunningClient start(Parts parts, Runnable decided) {
        RunningClient client = new RunningClient(parts);
        try {
            client.door.open();
            client.dns.open();
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
        client.sessions.start(decided);
        client.choice.start();
        client.rediscovery.start();
        client.remote.start();
        client.bindings.open();
        return client;
    }

    @Override
    public List<String> listening() {
        return described(0, doors);
    }

    @Override
    public ClientStatus status() {
        List<String> forwards =
                new ArrayList<>(described(doors, door.localAddresses().size() - 1));
        dns.localAddresses().forEach(each -> forwards.add(describe(each)));
        return new ClientStatus(loop, sessions, choice, listening(), forwards, askPassword, counters);
    }

    private List<String> described(int from, int to) {
        return door.localAddresses().subList(from, to).stream()
                .map(RunningClient::describe)
                .toList();
    }

    @Override
    public void stop() throws InterruptedException {
        door.close();
        remote.stop();
        dns.close();
        bindings.close();
        CountDownLatch stopped = new CountDownLatch(1);
        sessions.stop(() -> loop.schedule(stopped::countDown, LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS));
        boolean inTime = stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
        if (!inTime) {
            throw new IllegalStateException("the event loop does not answer");
        }
        close();
    }

    private void close() {
        slowWork.close();
        loops.close();
        sessions.close();
    }

    static String describe(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? new Destination.Ip(inet.getAddress(), inet.getPort()).toString()
                : address.toString();
    }
}
