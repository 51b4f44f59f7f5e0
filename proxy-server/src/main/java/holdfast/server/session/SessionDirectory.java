package holdfast.server.session;

import holdfast.agreement.Terms;
import holdfast.console.Counters;
import holdfast.driver.Farewell;
import holdfast.driver.SessionCounters;
import holdfast.frame.Hello;
import holdfast.frame.Join;
import holdfast.identity.Pin;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import holdfast.server.audit.Audit;
import holdfast.server.budget.Budget;
import holdfast.server.budget.SessionBudget;
import holdfast.session.Session;
import holdfast.session.SessionConfig;
import holdfast.transport.PathChannel;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All live sessions. Finds the one a new path belongs to: by the client key and the random bytes of its HELLO, or by the id a JOIN names and the
 * client key. Unknown, expired and foreign ids look alike to who asks.
 *
 * <p>Any thread may use it.
 */
public final class SessionDirectory {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.session");

    private record Greeting(Pin key, SessionRandom random) {}

    private final Map<SessionId, GatewaySession> byId = new ConcurrentHashMap<>();
    private final Map<Greeting, GatewaySession> byGreeting = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private volatile Pin own;
    private final Function<String, Terms> conditions;
    private final Budget budget;
    private final Audit audit;
    private final StreamService service;
    private final RelayStreams relaying;
    private final SessionCounters counters;
    private final Holding holding;
    private final HeldBytes held;
    private volatile List<String> addresses;
    /** The pin that clients are told when their session starts; empty if none. */
    private volatile String announced = "";

    /**
     * @param own the gateway's key
     * @param holding how long sessions without paths are kept, and how much they may hold
     * @param conditions for a user, whenever they are asked for
     * @param addresses where this gateway is reached, HOST:PORT
     */
    public SessionDirectory(
            Pin own,
            Holding holding,
            List<String> addresses,
            Function<String, Terms> conditions,
            Budget budget,
            Audit audit,
            StreamService service,
            RelayStreams relaying,
            Counters counters) {
        this.counters = new SessionCounters(counters);
        counters.now("sessions", "sessions there are", byId::size);
        this.own = own;
        this.holding = holding;
        this.held = new HeldBytes(holding.bytes());
        counters.now("sessions_detached", "sessions that have no path", held::count);
        counters.now("detached_bytes", "bytes that these hold", held::sum);
        this.addresses = List.copyOf(addresses);
        this.conditions = conditions;
        this.budget = budget;
        this.audit = audit;
        this.service = service;
        this.relaying = relaying;
    }

    /** Where this gateway is reached, HOST:PORT. */
    public List<String> addresses() {
        return addresses;
    }

    /** The gateway is reached at other addresses from now on: every client hears of the difference. */
    public synchronized void setAddresses(List<String> now) {
        List<String> before = addresses;
        if (before.equals(now)) {
            return;
        }
        addresses = List.copyOf(now);
        LOG.atInfo().addKeyValue("addresses", String.join(" ", now)).log("gateway.addresses_changed");
        byId.values().forEach(each -> announce(each, before, now));
    }

    private static void announce(GatewaySession to, List<String> before, List<String> now) {
        before.stream().filter(each -> !now.contains(each)).forEach(each -> to.announce(each, false));
        now.stream().filter(each -> !before.contains(each)).forEach(each -> to.announce(each, true));
    }

    /** The conditions may be others now: every client is told those that are. */
    public void restateConditions() {
        byId.values().forEach(each -> each.stateConditions(conditions.apply(each.user())));
    }

    public Collection<GatewaySession> all() {
        return byId.values();
    }

    /** The gateway's key in sessions that start from now on. */
    public void setKey(Pin key) {
        own = key;
    }

    /**
     * Tells every client by which pin the gateway is going to be known, once.
     *
     * @param lasting whether sessions that start later are to hear it, too
     */
    public void announceKey(String pin, boolean lasting) {
        String before = announced;
        announced = lasting ? pin : "";
        if (lasting ? !pin.equals(before) : !before.isEmpty()) {
            byId.values().forEach(each -> each.announceKey(pin));
        }
    }

    /**
     * Tells every client that no further streams are taken. Their streams have so long.
     *
     * @param others gateways that may be used instead, HOST:PORT
     */
    public void goAway(long millis, List<String> others) {
        for (GatewaySession each : byId.values()) {
            each.goAway(millis, others);
        }
    }

    /** Whether any session has a stream that is not over. */
    public boolean hasStreams() {
        return byId.values().stream().anyMatch(each -> each.streamCount() > 0);
    }

    /** The audit, for those who refuse connections before they get here. */
    public Audit audit() {
        return audit;
    }

    /** Starts a session on the connection's event loop, or adds the connection to the one that an earlier HELLO with the same random bytes started. */
    public void hello(String user, Pin key, PathChannel path, Hello hello) {
        if (!hello.versions().contains(Session.VERSION)) {
            Farewell.refuse(
                    path,
                    ErrorCode.VERSION_NOT_SUPPORTED,
                    "versions " + hello.versions() + ": only " + Session.VERSION + " is spoken here");
            return;
        }
        hello.previous().ifPresent(id -> supersede(key, id));
        Greeting greeting = new Greeting(key, hello.random());
        String refusal = budget.user(user, System.nanoTime()).loginRefusal(System.nanoTime());
        if (refusal != null && !byGreeting.containsKey(greeting)) {
            refuse(user, "login", path, refusal);
            return;
        }
        GatewaySession session = byGreeting.computeIfAbsent(greeting, made -> start(user, made, path));
        if (session == null) {
            refuse(user, "login", path, user + " has too many sessions; end another client first");
        } else if (mayJoin(session, path)) {
            session.attach(path, hello);
        }
    }

    /** Adds the connection to its session. Returns whether there is such a session of this user and key. */
    public boolean join(String user, Pin key, PathChannel path, Join join) {
        GatewaySession session = byId.get(join.session());
        if (session == null || !session.key().equals(key) || !session.user().equals(user)) {
            return false;
        }
        if (mayJoin(session, path)) {
            session.attach(path, join);
        }
        return true;
    }

    private boolean mayJoin(GatewaySession session, PathChannel path) {
        if (session.mayJoin()) {
            return true;
        }
        refuse(session.user(), "join", path, "too many paths joined within a minute");
        return false;
    }

    private void refuse(String user, String what, PathChannel path, String text) {
        audit.write(
                "refused",
                Audit.field("what", what),
                Audit.field("user", user),
                Audit.field("peer", path.remoteAddress()),
                Audit.field("code", ErrorCode.LIMIT_REACHED),
                Audit.field("reason", text));
        Farewell.refuse(path, ErrorCode.LIMIT_REACHED, text);
    }

    /** Null where the user has too many. */
    private @Nullable GatewaySession start(String user, Greeting greeting, PathChannel path) {
        SessionId id = SessionId.of(bytes(SessionId.LENGTH));
        SessionBudget started = budget.startSession(user, id.brief(), System.nanoTime());
        if (started == null) {
            return null;
        }
        List<String> said = addresses;
        Session session = Session.gateway(
                SessionConfig.forGateway().withHold(holding.of(user).toNanos()),
                path.allocator(),
                id,
                SessionRandom.of(bytes(SessionRandom.LENGTH)),
                said,
                System.nanoTime());
        session.stateConditions(conditions.apply(user).words());
        GatewaySession made = new GatewaySession(
                started,
                greeting.key(),
                own,
                id,
                session,
                path.eventLoop(),
                service,
                relaying,
                audit,
                counters,
                held,
                ended -> forget(greeting, ended));
        byId.put(id, made);
        // They may have changed before the session was there to be told.
        announce(made, said, addresses);
        counters.started();
        // Where none is to come, the present one: a client that was away while a change was called off forgets by it
        // what
        // it was told.
        String next = announced;
        made.announceKey(next.isEmpty() ? own.toString() : next);
        LOG.atInfo().addKeyValue("session", id).addKeyValue("user", user).log("session.started");
        audit.write(
                "session.started",
                Audit.field("user", user),
                Audit.field("session", id),
                Audit.field("key", greeting.key()),
                Audit.field("peer", path.remoteAddress()),
                Audit.field("chain", PathChain.of(path)));
        return made;
    }

    private void supersede(Pin key, SessionId id) {
        GatewaySession session = byId.get(id);
        if (session != null && session.key().equals(key)) {
            session.close(ErrorCode.SUPERSEDED, "the client was started anew");
        }
    }

    private void forget(Greeting greeting, GatewaySession session) {
        byId.remove(session.id(), session);
        byGreeting.remove(greeting, session);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
