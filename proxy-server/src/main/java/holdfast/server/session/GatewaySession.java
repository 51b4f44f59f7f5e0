package holdfast.server.session;

import holdfast.agreement.Terms;
import holdfast.driver.LostStream;
import holdfast.driver.PathReport;
import holdfast.driver.SessionCounters;
import holdfast.driver.SessionDriver;
import holdfast.driver.SessionListener;
import holdfast.driver.StreamHandle;
import holdfast.frame.Hello;
import holdfast.frame.Join;
import holdfast.identity.Chain;
import holdfast.identity.Pin;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.SessionId;
import holdfast.protocol.StreamKind;
import holdfast.server.audit.Audit;
import holdfast.server.budget.SessionBudget;
import holdfast.session.Session;
import holdfast.transport.PathChannel;
import io.netty.channel.EventLoop;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One user's login as the gateway keeps it. Immutable but for the driver, which belongs to its event loop. */
public final class GatewaySession implements SessionListener, HeldBytes.Holder {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.session");
    private static final long MILLI = 1_000_000;

    /** How often a session without paths is asked what it holds. */
    private static final long LOOK_MILLIS = 200;

    /** Streams of a session that has ended that get a line of their own. */
    private static final int MAX_LINES = 1000;

    private final SessionBudget budget;
    private final Pin key;
    private final SessionId id;
    private final StreamService service;
    private final RelayStreams relaying;
    private final Audit audit;
    private final long begun = System.nanoTime();
    private final SessionCounters counters;
    private final HeldBytes held;
    private final Consumer<GatewaySession> ended;
    private final SessionDriver driver;
    private @Nullable ScheduledFuture<?> watch;
    private String agreed = "not asked";
    private boolean refused;
    private volatile boolean goingAway;
    private volatile int streams = 1;

    GatewaySession(
            SessionBudget budget,
            Pin key,
            Pin own,
            SessionId id,
            Session session,
            EventLoop loop,
            StreamService service,
            RelayStreams relaying,
            Audit audit,
            SessionCounters counters,
            HeldBytes held,
            Consumer<GatewaySession> ended) {
        this.budget = budget;
        this.key = key;
        this.id = id;
        this.service = service;
        this.relaying = relaying;
        this.audit = audit;
        this.counters = counters;
        this.held = held;
        this.ended = ended;
        this.driver = new SessionDriver(session, loop, this);
        this.driver.identify(key, own);
    }

    public String user() {
        return budget.user().user();
    }

    /** The client key that may add paths. */
    public Pin key() {
        return key;
    }

    public SessionId id() {
        return id;
    }

    /** For the session's event loop only. */
    public SessionDriver driver() {
        return driver;
    }

    public EventLoop eventLoop() {
        return driver.eventLoop();
    }

    /** Tells the client by which pin the gateway is going to be known, from any thread. */
    void announceKey(String pin) {
        eventLoop().execute(() -> driver.announceKey(pin));
    }

    /**
     * Takes no further streams and says so, from any thread.
     *
     * @param others gateways that may be used instead, HOST:PORT
     */
    void goAway(long millis, List<String> others) {
        goingAway = true;
        eventLoop().execute(() -> driver.goAway(millis, others));
    }

    /** How many streams there were at the last look; any thread may ask, and by that makes the next look. */
    int streamCount() {
        eventLoop().execute(() -> streams = driver.streamCount());
        return streams;
    }

    /** Whether one more path may be added now. Any thread. */
    boolean mayJoin() {
        return budget.takeJoin(System.nanoTime());
    }

    /** Adds the held connection as a path, from any event loop. */
    void attach(PathChannel path, Hello hello) {
        path.moveTo(eventLoop(), () -> {
            driver.attach(path, hello);
            noteChain(path, hello.path());
        });
    }

    /** Adds the held connection as a path, from any event loop. */
    void attach(PathChannel path, Join join) {
        path.moveTo(eventLoop(), () -> {
            driver.attach(path, join);
            noteChain(path, join.path());
        });
    }

    private void noteChain(PathChannel path, long id) {
        if (!PathChain.of(path).isEmpty()) {
            driver.markCarried(id);
        }
    }

    /** Through which relays each path comes. For the session's event loop only. */
    public Map<Long, Chain> chains() {
        Map<Long, Chain> chains = new LinkedHashMap<>();
        for (PathReport each : driver.reportPaths()) {
            PathChannel channel = driver.channel(each.id());
            if (channel != null) {
                chains.put(each.id(), PathChain.of(channel));
            }
        }
        return chains;
    }

    /** Ends the paths that come through a chain of these, from any thread. */
    public void endPathsThrough(Predicate<Chain> refused) {
        eventLoop()
                .execute(() -> chains().forEach((path, chain) -> {
                    if (refused.test(chain)) {
                        driver.drop(path, ErrorCode.NOT_ALLOWED, "the gateway does not accept the relay any more");
                    }
                }));
    }

    /** Tells the client of a further address of this gateway, or of one fewer, from any thread. */
    void announce(String address, boolean added) {
        eventLoop().execute(() -> driver.announceAddress(address, added));
    }

    /** The gateway needs the memory: ends the session unless it has a path again, from any thread. */
    @Override
    public void evict() {
        eventLoop().execute(() -> {
            if (watch != null) {
                driver.close(ErrorCode.EVICTED, "the gateway needs the memory that this session held without a path");
            }
        });
    }

    private void watchHeldBytes(long since) {
        driver.setFrugal(held.report(this, driver.heldBytes(), since, System.nanoTime()));
    }

    private void leaveHeldBytes() {
        if (watch != null) {
            watch.cancel(false);
            watch = null;
        }
        held.leave(this);
        driver.setFrugal(false);
    }

    /** Ends the session, from any thread. */
    public void close(ErrorCode code, String text) {
        eventLoop().execute(() -> driver.close(code, text));
    }

    @Override
    public void onStreamOpened(StreamHandle stream, OpenRequest request) {
        if (refused) {
            stream.reject(ErrorCode.NOT_ALLOWED, "the client has refused this gateway's conditions");
        } else if (goingAway) {
            stream.reject(ErrorCode.GENERAL_FAILURE, "the gateway is about to end");
        } else {
            long wait = budget.chargeOpen(System.nanoTime());
            LateOpen.serve(wait, stream, () -> serve(stream, request));
        }
    }

    private void serve(StreamHandle stream, OpenRequest request) {
        if (request.kind() == StreamKind.GATEWAY) {
            relaying.serve(budget, List.copyOf(chains().values()), stream, request);
        } else {
            service.serve(budget, stream, request);
        }
    }

    /** These conditions hold from now on, from any thread. */
    void stateConditions(Terms terms) {
        eventLoop().execute(() -> driver.stateConditions(terms.words()));
    }

    /** What the client has said to the conditions, for showing it; for the session's event loop only. */
    public String agreed() {
        return agreed;
    }

    @Override
    public void onConditionsAnswered(long sequence, boolean accepted, String text) {
        refused = !accepted;
        agreed = accepted ? "conditions " + sequence : "refused conditions " + sequence + ": " + Terms.plain(text);
        LOG.atInfo()
                .addKeyValue("session", id)
                .addKeyValue("user", user())
                .addKeyValue("conditions", sequence)
                .addKeyValue("reason", text)
                .log(accepted ? "conditions.accepted" : "conditions.refused");
        audit.write(
                accepted ? "agreed" : "disagreed",
                Audit.field("user", user()),
                Audit.field("session", id),
                Audit.field("conditions", sequence),
                Audit.field("reason", text));
    }

    @Override
    public void onPathUp(long path) {
        counters.pathJoined();
        PathChannel channel = driver.channel(path);
        LOG.atInfo()
                .addKeyValue("session", id)
                .addKeyValue("user", user())
                .addKeyValue("path", path)
                .addKeyValue("peer", channel == null ? "gone" : channel.remoteAddress())
                .addKeyValue("chain", channel == null ? Chain.NONE : PathChain.of(channel))
                .log("path.up");
        audit.write(
                "join",
                Audit.field("user", user()),
                Audit.field("session", id),
                Audit.field("path", path),
                Audit.field("peer", channel == null ? "gone" : channel.remoteAddress()),
                Audit.field("chain", channel == null ? Chain.NONE : PathChain.of(channel)));
    }

    @Override
    public void onPathDown(long path, ErrorCode code, String text) {
        counters.pathLost();
        LOG.atInfo()
                .addKeyValue("session", id)
                .addKeyValue("user", user())
                .addKeyValue("path", path)
                .addKeyValue("code", code)
                .addKeyValue("reason", text)
                .log("path.down");
    }

    @Override
    public void onDetached() {
        long since = System.nanoTime();
        watchHeldBytes(since);
        watch = eventLoop()
                .scheduleWithFixedDelay(() -> watchHeldBytes(since), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        LOG.atInfo()
                .addKeyValue("session", id)
                .addKeyValue("user", user())
                .addKeyValue("streams", driver.streamCount())
                .log("session.detached");
    }

    @Override
    public void onResumed(long outageNanos) {
        leaveHeldBytes();
        counters.resumed(outageNanos, driver.streamCount());
        LOG.atInfo()
                .addKeyValue("session", id)
                .addKeyValue("user", user())
                .addKeyValue("streams", driver.streamCount())
                .addKeyValue("outage_ms", outageNanos / MILLI)
                .log("session.resumed");
    }

    /** Whether this says that the client did what no client of ours does. */
    private static boolean isAbuse(ErrorCode code) {
        return switch (code) {
            case LIMIT_REACHED, PROTOCOL_VIOLATION, FRAME_MALFORMED, FLOW_CONTROL_VIOLATION -> true;
            default -> false;
        };
    }

    @Override
    public void onEnded(ErrorCode code, String text, boolean byPeer, List<LostStream> lost) {
        leaveHeldBytes();
        counters.ended(lost.size());
        lost.stream()
                .limit(MAX_LINES)
                .forEach(each -> LOG.atInfo()
                        .addKeyValue("session", id)
                        .addKeyValue("user", user())
                        .addKeyValue("stream", each.id())
                        .addKeyValue("undelivered_bytes", each.undelivered())
                        .log("stream.lost"));
        LOG.atInfo()
                .addKeyValue("session", id)
                .addKeyValue("user", user())
                .addKeyValue("code", code)
                .addKeyValue("reason", text)
                .addKeyValue("by", byPeer ? "client" : "gateway")
                .addKeyValue("lost_streams", lost.size())
                .addKeyValue(
                        "undelivered_bytes",
                        lost.stream().mapToLong(LostStream::undelivered).sum())
                .log("session.ended");
        audit.write(
                "session.ended",
                Audit.field("user", user()),
                Audit.field("session", id),
                Audit.field("code", code),
                Audit.field("by", byPeer ? "client" : "gateway"),
                Audit.field("streams", budget.opened()),
                Audit.field("up", budget.up()),
                Audit.field("down", budget.down()),
                Audit.field("ms", (System.nanoTime() - begun) / MILLI),
                Audit.field("reason", text));
        if (!byPeer && isAbuse(code)) {
            budget.user().abused(System.nanoTime());
        }
        budget.end();
        ended.accept(this);
    }
}
