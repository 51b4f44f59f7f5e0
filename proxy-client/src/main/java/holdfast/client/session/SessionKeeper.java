package holdfast.client.session;

import holdfast.agreement.AcceptRules;
import holdfast.agreement.Terms;
import holdfast.client.dialer.Dialer;
import holdfast.client.dialer.LocalNetwork;
import holdfast.client.dialer.NetworkWatch;
import holdfast.client.dialer.PathPlan;
import holdfast.client.dialer.Route;
import holdfast.driver.LostStream;
import holdfast.driver.PathReport;
import holdfast.driver.SessionCounters;
import holdfast.driver.SessionDriver;
import holdfast.driver.SessionListener;
import holdfast.driver.StreamHandle;
import holdfast.driver.Unheard;
import holdfast.identity.Pin;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.PathStanding;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import holdfast.session.Session;
import holdfast.session.SessionConfig;
import holdfast.transport.EventLoops;
import holdfast.transport.PathChannel;
import holdfast.transport.WrongPinException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

    /** How long a gateway that refuses this client is left alone. */
    private static final long REFUSED_PAUSE_MILLIS = 15_000;

    private static final long LOST_PAUSE_MILLIS = 100;
    private static final int MAX_TROUBLES = 32;

    private final String name;
    private final EventLoops loops;
    private final EventLoop loop;
    private final SessionConfig config;
    private final RouteKeeper routes;
    private final NetworkWatch watch;
    private final Consent consent;
    private final WaitingOpens waiting;
    private final SessionMemory memory;
    private final KeyNews keys;
    private final Pin own;
    private final SessionLog log;
    private final Set<String> addresses;
    private final SecureRandom random = new SecureRandom();

    private SessionDriver driver;
    private Optional<SessionId> previous;
    private Runnable whenDecided = () -> {};
    private boolean decided;
    private boolean closed;
    private boolean goingAway;
    private List<String> successors = List.of();
    private OptionalLong silentSince = OptionalLong.of(System.nanoTime());
    private final List<Runnable> whenUp = new ArrayList<>();
    private final Set<String> troubles = new HashSet<>();

    /**
     * A session to be kept.
     *
     * @param name of the login, for the log
     * @param own the client's key
     * @param addresses where the gateway is reached, HOST:PORT
     * @param plan which ways to it are used, and how
     * @param slowWork for whatever may block; a path handshake's key operations among them
     * @param accept what the user accepts of gateways
     * @param memory remembers the session's id over restarts
     * @param keys knows the gateway's, and hears when the gateway is going to change its key
     */
    public SessionKeeper(
            String name,
            EventLoops loops,
            EventLoop loop,
            Pin own,
            Dialer dialer,
            List<String> addresses,
            PathPlan plan,
            Executor slowWork,
            SessionMemory memory,
            KeyNews keys,
            AcceptRules accept,
            SessionCounters counters) {
        this.name = name;
        this.loops = loops;
        this.loop = loop;
        this.own = own;
        this.config = SessionConfig.forClient();
        this.memory = memory;
        this.keys = keys;
        this.consent = new Consent(name, accept);
        this.previous = memory.previous();
        this.waiting = new WaitingOpens(loop);
        this.log = new SessionLog(name, counters);
        this.addresses = new HashSet<>(addresses);
        this.driver = newDriver();
        this.routes = new RouteKeeper(dialer, loop, plan, addresses, new Paths());
        this.watch = new NetworkWatch(loop, slowWork, new Network());
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

    /** The login's name. */
    public String name() {
        return name;
    }

    /** How often the session was without a path and found one again. */
    public long resumes() {
        return log.resumes();
    }

    /** How long the last such outage was, in milliseconds; 0 where there was none. */
    public long lastOutageMillis() {
        return log.lastOutageMillis();
    }

    /** For how long the session has had no path, in milliseconds; 0 where it has one. */
    public long outageMillis() {
        return log.outageMillis(System.nanoTime());
    }

    /** Connections of programs that wait for a path. */
    public int waiting() {
        return waiting.size();
    }

    /** The route a path takes, for showing it. */
    public Optional<Route> routeOf(long path) {
        return routes.routeOf(path);
    }

    @Override
    public boolean isPathUp() {
        return hasPathUp() && !goingAway && consent.mayOpen();
    }

    @Override
    public void open(OpenRequest request, @Nullable ByteBuf firstBytes, OpenCallback callback) {
        if (isPathUp()) {
            openNow(request, firstBytes, callback);
        } else if (consent.objection().isPresent()) {
            refuse(firstBytes, callback, consent.objection().get());
        } else {
            waiting.add(request, firstBytes, callback);
            routes.wanted();
        }
    }

    private static void refuse(@Nullable ByteBuf firstBytes, OpenCallback callback, String reason) {
        if (firstBytes != null) {
            firstBytes.release();
        }
        callback.onUnavailable(ErrorCode.NOT_ALLOWED, reason);
    }

    /** Whether a stream opened now would leave at once, and be taken. */
    public boolean takesStreams() {
        return hasPathUp() && !goingAway;
    }

    /** Whether the gateway has said that it is about to end. */
    public boolean isGoingAway() {
        return goingAway;
    }

    /** Where other gateways are reached that may be used instead, HOST:PORT, as this one has said. */
    public List<String> successors() {
        return successors;
    }

    /** Whether one of these is an address of the gateway, as far as this client has been told. */
    public boolean isReachedAtAnyOf(List<String> others) {
        return others.stream().anyMatch(addresses::contains);
    }

    /** For how long no path has been up, in milliseconds; 0 where one is. */
    public long silentMillis(long now) {
        if (hasPathUp()) {
            silentSince = OptionalLong.empty();
            return 0;
        }
        if (silentSince.isEmpty()) {
            silentSince = OptionalLong.of(now);
        }
        return (now - silentSince.getAsLong()) / 1_000_000;
    }

    /** Somebody wants a path: if there is none, one more attempt now, but no more than one a second. */
    public void wanted() {
        routes.wanted();
    }

    /** It may be reached there, too, HOST:PORT, as somebody says: to be tried, and no more. */
    public void tryAlso(String hint) {
        if (isAddress(hint)) {
            routes.addAddress(hint);
        }
    }

    /** Asks every path for a sign of life. */
    public void probe() {
        driver.probeAll();
    }

    /** Has this run on the event loop whenever a path is up or trusted again. */
    public void whenUp(Runnable then) {
        whenUp.add(then);
    }

    /** The session that paths of this one run in has a way again. */
    public void carrierUp() {
        routes.carrierUp();
    }

    /** What was agreed with the gateway, for showing it. */
    public String agreement() {
        return consent.describe();
    }

    private void openNow(OpenRequest request, @Nullable ByteBuf firstBytes, OpenCallback callback) {
        callback.onStream(driver.open(request, firstBytes, new Unheard()));
    }

    private boolean hasPathUp() {
        return driver.isPathUp();
    }

    /** A path is up: what waited for one goes on. */
    private void openWaiting() {
        String reason = consent.objection().orElse(null);
        if (hasPathUp()) {
            silentSince = OptionalLong.empty();
            whenUp.forEach(Runnable::run);
        }
        if (isPathUp()) {
            waiting.takeAll().forEach(each -> openNow(each.request, each.firstBytes, each.callback));
        } else if (reason != null) {
            waiting.takeAll().forEach(each -> refuse(each.firstBytes, each.callback, reason));
        }
    }

    private SessionDriver newDriver() {
        byte[] bytes = new byte[SessionRandom.LENGTH];
        random.nextBytes(bytes);
        Session session =
                Session.client(config, loops.allocator(), SessionRandom.of(bytes), previous, System.nanoTime());
        return new SessionDriver(session, loop, new Happenings());
    }

    private void noteSilence() {
        if (!hasPathUp() && silentSince.isEmpty()) {
            silentSince = OptionalLong.of(System.nanoTime());
        }
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
            LOG.atWarn().addKeyValue("login", name).addKeyValue("reason", text).log(event);
        }
        decide();
    }

    private final class Paths implements RouteKeeper.Use {
        @Override
        public long attach(PathChannel channel, Route route, PathStanding standing) {
            long path = driver.attach(channel, standing);
            if (route.isRelayed()) {
                driver.markCarried(path);
            }
            return path;
        }

        @Override
        public void setStanding(long path, PathStanding standing) {
            driver.setStanding(path, standing);
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
        public boolean isNeeded() {
            return driver.streamCount() > 0 || waiting.size() > 0;
        }

        @Override
        public void failed(Route route, Throwable cause) {
            WrongPinException wrongPin = WrongPinException.in(cause);
            if (wrongPin != null) {
                trouble(
                        "gateway.wrong_key",
                        "the gateway at " + route
                                + " has another key than the one this client knows: either someone stands in between,"
                                + " or it was set up anew, or changed its key while this client was away; if its"
                                + " operator confirms that, log in again with `proxy-client login URL` and a new"
                                + " invitation");
            } else if (!SessionKeeper.this.hasPathUp() && !(cause instanceof NoRouteToHostException)) {
                trouble("gateway.unreachable", "the gateway at " + route + " does not answer: " + cause.getMessage());
            }
        }
    }

    private final class Network implements NetworkWatch.Listener {
        @Override
        public void onChange(LocalNetwork network) {
            for (PathReport each : driver.reportPaths()) {
                if (each.local() instanceof InetSocketAddress local && !network.has(local.getAddress())) {
                    driver.drop(
                            each.id(),
                            ErrorCode.PATH_LOST,
                            "this machine no longer has the address "
                                    + local.getAddress().getHostAddress());
                }
            }
            routes.setInterfaces(network.interfaces());
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
            // The gateway's key may have changed since the session was begun here; that by which it answered counts.
            driver.identify(own, keys.present());
            log.established(id);
            memory.remember(id);
            if (!driver.isConditional()) {
                consent.judge(Terms.UNSTATED);
            }
            troubles.clear();
            addresses.forEach(each -> onAddressChanged(each, true));
        }

        @Override
        public void onConditions(long sequence, List<String> words) {
            Optional<String> objection = consent.judge(new Terms(words));
            driver.answerConditions(sequence, objection.isEmpty(), objection.orElse(""));
            openWaiting();
        }

        @Override
        public void onPathUp(long path) {
            log.pathUp(path, routes.routeOf(path).map(Route::toString).orElse("?"));
            routes.pathUp(path);
            decide();
            openWaiting();
        }

        @Override
        public void onPathSuspected(long path) {
            log.pathSuspected(path);
            noteSilence();
            routes.pathSuspected(path);
        }

        @Override
        public void onPathTrusted(long path) {
            log.pathTrusted(path);
            routes.pathTrusted(path);
            openWaiting();
        }

        @Override
        public void onPathDown(long path, ErrorCode code, String text) {
            log.pathDown(path, code, text);
            if (code == ErrorCode.NOT_ALLOWED) {
                trouble("gateway.refused", text);
            }
            noteSilence();
            routes.pathDown(path);
        }

        @Override
        public void onDetached() {
            log.detached(driver.streamCount());
        }

        @Override
        public void onResumed(long outageNanos) {
            log.resumed(outageNanos, driver.streamCount());
        }

        @Override
        public void onStreamOpened(StreamHandle stream, OpenRequest request) {
            // Nothing that this client listens for at the gateway can have made this.
            stream.reject(ErrorCode.KIND_NOT_SUPPORTED, "the client asked for nothing of the kind");
        }

        @Override
        public void onAddressChanged(String address, boolean added) {
            if (!isAddress(address)) {
                return;
            }
            if (added) {
                addresses.add(address);
            }
            if (added ? routes.addAddress(address) : routes.removeAddress(address)) {
                log.addressChanged(address, added);
            }
        }

        @Override
        public void onKeyAnnounced(String pin) {
            keys.announced(pin);
        }

        @Override
        public void onGoingAway(long deadlineMillis, List<String> gateways) {
            LOG.atWarn()
                    .addKeyValue("login", name)
                    .addKeyValue("deadline_ms", deadlineMillis)
                    .addKeyValue("others", String.join(" ", gateways))
                    .log("gateway.going_away");
            goingAway = true;
            successors = List.copyOf(gateways);
        }

        @Override
        public void onEnded(ErrorCode code, String text, boolean byPeer, List<LostStream> lost) {
            log.ended(code, text, byPeer, lost);
            if (!closed) {
                loop.execute(() -> startAnew(code));
            }
        }
    }

    private void startAnew(ErrorCode code) {
        previous = Optional.empty();
        goingAway = false;
        consent.startAnew();
        noteSilence();
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
