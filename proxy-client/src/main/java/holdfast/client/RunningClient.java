package holdfast.client;

import holdfast.client.dialer.Dialer;
import holdfast.client.door.FrontDoor;
import holdfast.client.door.ListenAddress;
import holdfast.client.opening.Credentials;
import holdfast.client.opening.DoorPolicy;
import holdfast.client.opening.OpenMode;
import holdfast.client.session.SessionKeeper;
import holdfast.client.session.SessionMemory;
import holdfast.client.status.ClientStatus;
import holdfast.identity.Identity;
import holdfast.identity.Pin;
import holdfast.protocol.Destination;
import holdfast.transport.EventLoops;
import holdfast.transport.HandshakeThreads;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import holdfast.transport.TlsProvider;
import holdfast.transport.TransportKind;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The parts of a running client, put together. Everything but slow work happens on its one event loop. */
final class RunningClient {
    private static final int SLOW_THREADS = 4;
    private static final int SLOW_QUEUE = 1024;
    private static final long LAST_WORDS_MILLIS = 100;
    private static final long STOP_SECONDS = 5;

    private final EventLoops loops;
    private final EventLoop loop;
    private final TlsEndpoint tls;
    private final HandshakeThreads slowWork;
    private final SessionKeeper keeper;
    private final FrontDoor door;

    /**
     * What a client needs to run.
     *
     * @param gateway the key of the gateway
     * @param addresses where it is reached, HOST:PORT
     * @param doors where programs connect
     */
    record Parts(
            Identity identity,
            Pin gateway,
            List<String> addresses,
            List<ListenAddress> doors,
            OpenMode mode,
            @Nullable Credentials credentials,
            SessionMemory memory,
            TransportKind transport,
            TlsProvider tls) {}

    private RunningClient(Parts parts) {
        loops = EventLoops.start(parts.transport(), 1, "client");
        loop = loops.next();
        tls = TlsContexts.client(parts.tls(), parts.identity(), Set.of(parts.gateway()));
        slowWork = HandshakeThreads.start(SLOW_THREADS, SLOW_QUEUE);
        Dialer dialer = new Dialer(loops, loop, tls, slowWork);
        keeper = new SessionKeeper(loops, loop, dialer, parts.addresses(), slowWork, parts.memory());
        door = new FrontDoor(loops, loop, new DoorPolicy(keeper, parts.mode(), parts.credentials()), parts.doors());
    }

    /** Opens the front door and starts dialing. Runs {@code decided} once the gateway was reached, or could not be at first. */
    static RunningClient start(Parts parts, Runnable decided) {
        RunningClient client = new RunningClient(parts);
        try {
            client.door.open();
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
        client.keeper.start(decided);
        return client;
    }

    /** Where programs connect. */
    List<String> listening() {
        return door.localAddresses().stream().map(RunningClient::describe).toList();
    }

    ClientStatus status() {
        return new ClientStatus(loop, keeper, listening());
    }

    /** Ends the session in order, and everything else. */
    void stop() throws InterruptedException {
        door.close();
        CountDownLatch stopped = new CountDownLatch(1);
        keeper.stop(() -> loop.schedule(stopped::countDown, LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS));
        boolean inTime = stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
        if (!inTime) {
            throw new IllegalStateException("the event loop does not answer");
        }
        close();
    }

    private void close() {
        slowWork.close();
        loops.close();
        tls.close();
    }

    private static String describe(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? new Destination.Ip(inet.getAddress(), inet.getPort()).toString()
                : address.toString();
    }
}
