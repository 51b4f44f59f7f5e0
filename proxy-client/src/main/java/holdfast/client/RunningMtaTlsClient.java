package holdfast.client;

import holdfast.client.door.FrontDoor;
import holdfast.client.gateways.Login;
import holdfast.client.mtatls.MtaTlsLink;
import holdfast.client.status.MtaTlsStatus;
import holdfast.console.ControlHandler;
import holdfast.protocol.Destination;
import holdfast.transport.EventLoops;
import holdfast.transport.HandshakeThreads;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The parts of a running client that speaks MTA-TLS, put together. */
final class RunningMtaTlsClient implements Serving {
    private static final int SLOW_THREADS = 4;
    private static final int SLOW_QUEUE = 1024;
    private static final long LAST_WORDS_MILLIS = 100;
    private static final long STOP_SECONDS = 5;

    private final EventLoops loops;
    private final EventLoop loop;
    private final TlsEndpoint tls;
    private final HandshakeThreads slowWork;
    private final MtaTlsLink link;
    private final FrontDoor door;
    private final int doors;
    private final boolean askPassword;

    private RunningMtaTlsClient(RunningClient.Parts parts) {
        doors = parts.doors().size();
        askPassword = parts.credentials() != null;
        loops = EventLoops.start(parts.transport(), 1, "client");
        loop = loops.next();
        Login login = parts.gateways().usualLogin();
        tls = TlsContexts.client(parts.tls(), login.identity(), login.keys().accepted(), MtaTlsLink.PROTOCOL);
        slowWork = HandshakeThreads.start(SLOW_THREADS, SLOW_QUEUE);
        link = new MtaTlsLink(
                loops,
                loop,
                tls,
                slowWork,
                login.addresses().stream().map(Destination::parse).toList());
        door = new FrontDoor(loops, loop, parts.users(), slowWork, RunningClient.listeners(parts, link));
    }

    /** Opens the front door and starts dialing. Runs {@code decided} once the gateway was reached, or could not be at first. */
    static RunningMtaTlsClient start(RunningClient.Parts parts, Runnable decided) {
        RunningMtaTlsClient client = new RunningMtaTlsClient(parts);
        try {
            client.door.open();
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
        client.link.start(decided);
        return client;
    }

    @Override
    public List<String> listening() {
        return door.localAddresses().subList(0, doors).stream()
                .map(RunningClient::describe)
                .toList();
    }

    @Override
    public ControlHandler status() {
        return new MtaTlsStatus(loop, link, listening(), askPassword);
    }

    @Override
    public void stop() throws InterruptedException {
        door.close();
        CountDownLatch stopped = new CountDownLatch(1);
        link.stop(() -> loop.schedule(stopped::countDown, LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS));
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
}
