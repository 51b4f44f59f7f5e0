package holdfast.server.session;

import holdfast.driver.Farewell;
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
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    private final SessionConfig config;
    private final List<String> addresses;
    private final Budget budget;
    private final Audit audit;
    private final StreamService service;

    /**
     * @param hold how long a session without paths is kept
     * @param addresses where this gateway is reached, HOST:PORT
     */
    public SessionDirectory(Duration hold, List<String> addresses, Budget budget, Audit audit, StreamService service) {
        this.config = SessionConfig.forGateway().withHold(hold.toNanos());
        this.addresses = List.copyOf(addresses);
        this.budget = budget;
        this.audit = audit;
        this.service = service;
    }

    /** Where this gateway is reached, HOST:PORT. */
    public List<String> addresses() {
        return addresses;
    }

    public Collection<GatewaySession> all() {
        return byId.values();
    }

    /** Tells every client that no further streams are taken. Their streams have so long. */
    public void goAway(long millis) {
        for (GatewaySession each : byId.values()) {
            each.goAway(millis);
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
        GatewaySession session =
                byGreeting.computeIfAbsent(new Greeting(key, hello.random()), greeting -> start(user, greeting, path));
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
        Session session = Session.gateway(
                config,
                path.allocator(),
                id,
                SessionRandom.of(bytes(SessionRandom.LENGTH)),
                addresses,
                System.nanoTime());
        GatewaySession made = new GatewaySession(
                started,
                greeting.key(),
                id,
                session,
                path.eventLoop(),
                service,
                audit,
                ended -> forget(greeting, ended));
        byId.put(id, made);
        LOG.atInfo().addKeyValue("session", id).addKeyValue("user", user).log("session.started");
        audit.write(
                "session.started",
                Audit.field("user", user),
                Audit.field("session", id),
                Audit.field("key", greeting.key()),
                Audit.field("peer", path.remoteAddress()));
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
