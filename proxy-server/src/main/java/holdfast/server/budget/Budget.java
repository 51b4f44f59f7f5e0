package holdfast.server.budget;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the gateway gives to whom, in all. Any thread. */
public final class Budget {
    private final UsageFile usage;
    private final Arrivals arrivals;
    private final Map<String, UserBudget> users = new ConcurrentHashMap<>();
    private final AtomicInteger streams = new AtomicInteger();
    private volatile Limits limits;

    /** @param random picks whom to drop; need not be secret */
    public Budget(Limits limits, UsageFile usage, RandomGenerator random) {
        this.limits = limits;
        this.usage = usage;
        this.arrivals = new Arrivals(() -> this.limits.door(), random);
    }

    /** Connections that have not logged in. */
    public Arrivals arrivals() {
        return arrivals;
    }

    /** What the user has, over all sessions. */
    public UserBudget user(String name, long now) {
        return users.computeIfAbsent(name, user -> new UserBudget(user, limits.of(user), usage.of(user), now));
    }

    /**
     * A session is about to start.
     *
     * @param session names it in logs
     * @return what it has, to be ended with it; null where the user has too many
     */
    public @Nullable SessionBudget startSession(String user, String session, long now) {
        UserBudget of = user(user, now);
        return of.takeSession() ? new SessionBudget(this, of, session, now) : null;
    }

    /** Other limits from now on. What is there already stays, and counts. */
    public void change(Limits to, long now) {
        limits = to;
        arrivals.follow(to.door(), now);
        users.forEach((name, each) -> each.change(to.of(name), now));
    }

    /** Streams whose destination's socket is there, or is being made. */
    public int streams() {
        return streams.get();
    }

    boolean takeStream() {
        if (streams.incrementAndGet() > limits.door().streams()) {
            streams.decrementAndGet();
            return false;
        }
        return true;
    }

    void giveStreamBack() {
        streams.decrementAndGet();
    }
}
