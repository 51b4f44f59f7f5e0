package holdfast.server.budget;

import holdfast.flowcontrol.TokenBucket;
import org.jspecify.annotations.Nullable;

/** What one user has of the gateway now, over all of the user's sessions. Any thread. */
public final class UserBudget {
    private static final double SECONDS_PER_MINUTE = 60;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** How much may come at once where a bandwidth is set: a second's worth, but no less than one read of a socket. */
    private static final long MIN_BURST = 262_144;

    /** So many sessions of a user may be ended for what they did before the next one has to wait; that is forgotten at this rate. */
    private static final int ABUSES_AT_ONCE = 3;

    private static final double ABUSES_PER_SECOND = 1 / 20.0;

    private final String user;
    private final MonthlyUse use;
    private final TokenBucket abuses;
    private final TokenBucket failures;
    private final TokenBucket datagrams;
    private UserLimits limits;
    private @Nullable TokenBucket up;
    private @Nullable TokenBucket down;
    private int sessions;

    UserBudget(String user, UserLimits limits, MonthlyUse use, long now) {
        this.user = user;
        this.limits = limits;
        this.use = use;
        this.abuses = new TokenBucket(ABUSES_PER_SECOND, ABUSES_AT_ONCE, now);
        this.failures = perMinute(limits.failedConnectsPerMinute(), now);
        this.datagrams = new TokenBucket(limits.datagramsPerSecond(), limits.datagramsPerSecond(), now);
        this.up = bandwidth(limits, now);
        this.down = bandwidth(limits, now);
    }

    public String user() {
        return user;
    }

    synchronized UserLimits limits() {
        return limits;
    }

    /** Other limits from now on. */
    synchronized void change(UserLimits to, long now) {
        if (limits.equals(to)) {
            return;
        }
        failures.change(to.failedConnectsPerMinute() / SECONDS_PER_MINUTE, to.failedConnectsPerMinute(), now);
        datagrams.change(to.datagramsPerSecond(), to.datagramsPerSecond(), now);
        if (limits.bandwidth() != to.bandwidth()) {
            up = bandwidth(to, now);
            down = bandwidth(to, now);
        }
        limits = to;
    }

    /** A session was ended for what its client did. */
    public synchronized void abused(long now) {
        abuses.charge(1, now);
    }

    /** Why the user may start no session now, for the user; null if nothing stands against it. */
    public synchronized @Nullable String loginRefusal(long now) {
        long wait = abuses.waitNanos(1, now);
        return wait <= 0
                ? null
                : user + " has had sessions ended for what they sent; wait " + (wait / NANOS_PER_SECOND + 1) + " s";
    }

    synchronized boolean takeSession() {
        if (sessions >= limits.sessions()) {
            return false;
        }
        sessions++;
        return true;
    }

    synchronized void giveSessionBack() {
        sessions--;
    }

    /** Why the user may open nothing now, for the user; null if nothing stands against it. */
    public synchronized @Nullable String refusal(long now) {
        if (isQuotaUsedUp()) {
            return "the monthly quota of " + limits.monthlyQuota() + " bytes is used up";
        }
        return failures.isOverdrawn(now)
                ? "more than " + limits.failedConnectsPerMinute() + " connections a minute have failed; wait a little"
                : null;
    }

    /** A destination was not reached, or not allowed. */
    public synchronized void connectFailed(long now) {
        failures.charge(1, now);
    }

    /** Whether one more datagram may go to a destination now; if not, it is dropped. */
    public synchronized boolean takeDatagram(int bytes, long now) {
        if (isQuotaUsedUp() || (up != null && up.isOverdrawn(now)) || !datagrams.tryTake(1, now)) {
            return false;
        }
        chargeUp(bytes, now);
        return true;
    }

    /** Bytes towards destinations. Returns for how long there should be no more, in nanoseconds. */
    public synchronized long chargeUp(int bytes, long now) {
        return charge(up, bytes, now);
    }

    /** Bytes from destinations. Returns for how long there should be no more, in nanoseconds. */
    public synchronized long chargeDown(int bytes, long now) {
        return charge(down, bytes, now);
    }

    /** Whether what was transferred this month is as much as the user may. */
    public synchronized boolean isQuotaUsedUp() {
        return limits.monthlyQuota() > 0 && use.bytes() >= limits.monthlyQuota();
    }

    private long charge(@Nullable TokenBucket bucket, int bytes, long now) {
        use.add(bytes);
        if (bucket == null) {
            return 0;
        }
        bucket.charge(bytes, now);
        return bucket.debtNanos(now);
    }

    private static TokenBucket perMinute(int count, long now) {
        return new TokenBucket(count / SECONDS_PER_MINUTE, count, now);
    }

    private static @Nullable TokenBucket bandwidth(UserLimits limits, long now) {
        return limits.bandwidth() == 0
                ? null
                : new TokenBucket(limits.bandwidth(), Math.max(MIN_BURST, limits.bandwidth()), now);
    }
}
