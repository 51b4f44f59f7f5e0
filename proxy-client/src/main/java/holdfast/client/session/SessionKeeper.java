package holdfast.client.session;

import holdfast.client.dialer.Dialer;
import holdfast.client.dialer.LocalInterface;
import holdfast.client.dialer.NetworkWatch;
import holdfast.client.dialer.Route;
import holdfast.driver.SessionDriver;
import holdfast.driver.SessionListener;
import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import holdfast.session.Session;
import holdfast.session.SessionConfig;
import holdfast.transport.EventLoops;
import holdfast.transport.PathChannel;
import holdfast.transport.TransportKind;
import holdfast.transport.WrongPinException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.NoRouteToHostException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session with the gateway: always one, made anew as soon as the last is lost for good, on whatever paths there are.
 *
 * <p>Belongs to the client's event loop.
 */
public final class SessionKeeper implements StreamOpener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.session");
    private static final long MILLI = 1_000_000;

    /** How long a gateway that refuses this client is left alone. */
    private static final long REFUSED_PAUSE_MILLIS = 15_000;

    private static final long LOST_PAUSE_MILLIS = 100;
    private static final int MAX_TROUBLES = 32;

    private final EventLoops loops;
    private final EventLoop loop;
    private final SessionConfig config;
    private final RouteKeeper routes;
    private final NetworkWatch watch;
    private final WaitingOpens waiting;
    private final SessionMemory memory;
    private final SecureRandom random = new SecureRandom();

    private SessionDriver driver;
    private Optional<SessionId> previous;
    private Runnable whenDecided = () -> {};
    private boolean decided;
    private boolean closed;
    private boolean goingAway;
    private long lastOutageMillis;
    private long resumes;
    private final Set<String> troubles = new HashSet<>();

    /**
     * @param addresses where the gateway is reached, HOST:PORT
     * @param slowWork for whatever may block; a path handshake's key operations among them
     * @param memory remembers the session's id over restarts
     */
    public SessionKeeper(
            EventLoops loops,
            EventLoop loop,
            Dialer dialer,
            List<String> addresses,
            Executor slowWork,
            SessionMemory memory) {
        this.loops = loops;
        this.loop = loop;
        this.config = SessionConfig.forClient();
        this.memory = memory;
        this.previous = memory.previous();
        this.waiting = new WaitingOpens(loop);
        this.driver = newDriver();
        this.routes = new RouteKeeper(dialer, loop, loops.kind() == TransportKind.EPOLL, new Paths());
        this.watch = new NetworkWatch(loop, slowWork, new Network());
        loop.execute(() -> addresses.forEach(routes::addAddress));
    }

    /** Starts dialing. {@code decided} runs once, on the event loop, when the first session is up or the first attempt has failed. */
    public void start(Runnable onDecided) {
        loop.execute(() -> {
            whenDecided = onDecided;
            watch.start();
        });
    }

    /** Tells the gateway that the session is over, and stops. Runs {@code then} when that is done. */
    public void stop(Runnable then) {
        loop.execute(() -> {
            closed = true;
            watch.close();
            driver.close(ErrorCode.SHUTDOWN, "the client ends");
            memory.forget();
            loop.execute(then);
        });
    }

    @Override
    public void close() {
        stop(() -> {});
    }

    /** The present session, for showing it. */
    public SessionDriver driver() {
        return driver;
    }

    /** How often the session was without a path and found one again. */
    public long resumes() {
        return resumes;
    }

    /** How long the last such outage was, in milliseconds; 0 where there was none. */
    public long lastOutageMillis() {
        return lastOutageMillis;
    }

    /** The route a path takes, for showing it. */
    public Optional<Route> routeOf(long path) {
        return routes.routeOf(path);
    }

    @Override
    public boolean isPathUp() {
        return hasPathUp();
    }

    @Override
    public void open(OpenRequest request, @Nullable ByteBuf firstBytes, OpenCallback callback) {
        if (hasPathUp() && !goingAway) {
            openNow(request, firstBytes, callback);
        } else {
            waiting.add(request, firstBytes, callback);
        }
    }

    private void openNow(OpenRequest request, @Nullable ByteBuf firstBytes, OpenCallback callback) {
        callback.onStream(driver.open(request, firstBytes, new Unheard()));
    }

    private boolean hasPathUp() {
        return driver.isPathUp();
    }

    /** A path is up: what waited for one goes on. */
    private void openWaiting() {
        if (!goingAway) {
            waiting.takeAll().forEach(each -> openNow(each.request, each.firstBytes, each.callback));
        }
    }

    private SessionDriver newDriver() {
        byte[] bytes = new byte[SessionRandom.LENGTH];
        random.nextBytes(bytes);
        Session session =
                Session.client(config, loops.allocator(), SessionRandom.of(bytes), previous, System.nanoTime());
        return new SessionDriver(session, loop, new Happenings());
    }

    private void decide() {
        if (!decided) {
            decided = true;
            whenDecided.run();
        }
    }

    /** Says what is wrong with the gateway once, not at every attempt. */
    private void trouble(String event, String text) {
        if (troubles.size() < MAX_TROUBLES && troubles.add(text)) {
            LOG.atWarn().addKeyValue("reason", text).log(event);
        }
        decide();
    }

    /** Stands in until the front door listens; what happens before is told to it then. */
    private static final class Unheard implements StreamListener {
        @Override
        public void onReadable() {}

        @Override
        public void onWritable() {}

        @Override
        public void onStopped(ErrorCode code) {}

        @Override
        public void onReset(ErrorCode code) {}
    }

    private final class Paths implements RouteKeeper.Use {
        @Override
        public long attach(PathChannel channel, Route route) {
            return driver.attach(channel);
        }

        @Override
        public void replace(long path) {
            driver.drop(path, ErrorCode.PATH_LOST, "replaced");
        }

        @Override
        public boolean hasPathUp() {
            return SessionKeeper.this.hasPathUp();
        }

        @Override
        public void failed(Route route, Throwable cause) {
            WrongPinException wrongPin = WrongPinException.in(cause);
            if (wrongPin != null) {
                trouble(
                        "gateway.wrong_key",
                        "the gateway at " + route
                                + " has another key than the one this client was enrolled with: either someone"
                                + " stands in between, or it was set up anew; if its operator confirms that, log in again with"
                                + " `proxy-client login URL` and a new invitation");
            } else if (!SessionKeeper.this.hasPathUp() && !(cause instanceof NoRouteToHostException)) {
                trouble("gateway.unreachable", "the gateway at " + route + " does not answer: " + cause.getMessage());
            }
        }
    }

    private final class Network implements NetworkWatch.Listener {
        @Override
        public void onInterfaces(List<LocalInterface> interfaces) {
            routes.setInterfaces(interfaces);
            driver.probeAll();
        }

        @Override
        public void onWakeUp(long sleptMillis) {
            LOG.atInfo().addKeyValue("slept_ms", sleptMillis).log("machine.woke_up");
            driver.probeAll();
            routes.dialAfresh();
        }
    }

    private final class Happenings implements SessionListener {
        @Override
        public void onEstablished(SessionId id, List<String> addresses) {
            LOG.atInfo().addKeyValue("session", id).log("session.established");
            memory.remember(id);
            troubles.clear();
            addresses.forEach(routes::addAddress);
        }

        @Override
        public void onPathUp(long path) {
            LOG.atInfo()
                    .addKeyValue("path", path)
                    .addKeyValue(
                            "route", routes.routeOf(path).map(Route::toString).orElse("?"))
                    .log("path.up");
            routes.pathUp(path);
            decide();
            openWaiting();
        }

        @Override
        public void onPathSuspected(long path) {
            LOG.atInfo().addKeyValue("path", path).log("path.suspected");
            routes.pathSuspected(path);
        }

        @Override
        public void onPathTrusted(long path) {
            LOG.atInfo().addKeyValue("path", path).log("path.trusted");
            routes.pathTrusted(path);
            openWaiting();
        }

        @Override
        public void onPathDown(long path, ErrorCode code, String text) {
            LOG.atInfo()
                    .addKeyValue("path", path)
                    .addKeyValue("code", code)
                    .addKeyValue("reason", text)
                    .log("path.down");
            routes.pathDown(path);
        }

        @Override
        public void onDetached() {
            LOG.atWarn().addKeyValue("streams", driver.streamCount()).log("session.detached");
        }

        @Override
        public void onResumed(long outageNanos) {
            resumes++;
            lastOutageMillis = outageNanos / MILLI;
            LOG.atInfo()
                    .addKeyValue("streams", driver.streamCount())
                    .addKeyValue("outage_ms", outageNanos / MILLI)
                    .log("session.resumed");
        }

        @Override
        public void onStreamOpened(StreamHandle stream, OpenRequest request) {
            // Nothing that this client listens for at the gateway can have made this.
            stream.reject(ErrorCode.KIND_NOT_SUPPORTED, "the client asked for nothing of the kind");
        }

        @Override
        public void onAddressChanged(String address, boolean added) {
            if (added && isAddress(address)) {
                routes.addAddress(address);
            } else {
                routes.removeAddress(address);
            }
        }

        @Override
        public void onGoingAway(long deadlineMillis, List<String> gateways) {
            LOG.atWarn().addKeyValue("deadline_ms", deadlineMillis).log("gateway.going_away");
            goingAway = true;
        }

        @Override
        public void onEnded(ErrorCode code, String text, boolean byPeer, int lostStreams, long undelivered) {
            (lostStreams > 0 ? LOG.atWarn() : LOG.atInfo())
                    .addKeyValue("code", code)
                    .addKeyValue("reason", text)
                    .addKeyValue("by", byPeer ? "gateway" : "client")
                    .addKeyValue("lost_streams", lostStreams)
                    .addKeyValue("undelivered_bytes", undelivered)
                    .log("session.ended");
            if (!closed) {
                loop.execute(() -> startAnew(code));
            }
        }
    }

    private void startAnew(ErrorCode code) {
        previous = Optional.empty();
        goingAway = false;
        driver = newDriver();
        routes.sessionLost();
        switch (code) {
            case UNKNOWN_KEY, REVOKED -> {
                trouble(
                        "gateway.refused",
                        "the gateway does not know this client's key: ask its operator for an invitation and run"
                                + " `proxy-client login URL`");
                routes.rest(REFUSED_PAUSE_MILLIS);
            }
            case VERSION_NOT_SUPPORTED -> {
                trouble(
                        "gateway.refused",
                        "the gateway speaks another version of the protocol: install the same version at both ends");
                routes.rest(REFUSED_PAUSE_MILLIS);
            }
            default -> routes.rest(LOST_PAUSE_MILLIS);
        }
    }

    private static boolean isAddress(String text) {
        try {
            return !(Destination.parse(text) instanceof Destination.Unix);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
