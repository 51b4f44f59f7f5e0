package holdfast.server.budget;

import holdfast.flowcontrol.TokenBucket;

/** What one session has of the gateway now. Any thread. */
public final class SessionBudget {
    private static final double SECONDS_PER_MINUTE = 60;

    /** How many seconds' worth of opens come through at once: a page, or a client that starts with everything it had. */
    private static final int OPENS_BURST_SECONDS = 10;

    private final Budget all;
    private final UserBudget user;
    private final String session;
    private final TokenBucket opens;
    private final TokenBucket joins;
    private UserLimits limits;
    private int streams;
    private long opened;
    private long up;
    private long down;
    private boolean over;

    SessionBudget(Budget all, UserBudget user, String session, long now) {
        this.all = all;
        this.user = user;
        this.limits = user.limits();
        this.session = session;
        this.opens = new TokenBucket(limits.opensPerSecond(), opensAtOnce(limits), now);
        this.joins = new TokenBucket(limits.joinsPerMinute() / SECONDS_PER_MINUTE, limits.joinsPerMinute(), now);
    }

    /** The user whose session it is. */
    public UserBudget user() {
        return user;
    }

    /** The first bytes of the session's id, for naming it in logs. */
    public String session() {
        return session;
    }

    /** A stream was opened. Returns how long to wait before serving it, in nanoseconds; 0 as a rule. */
    public synchronized long chargeOpen(long now) {
        opened++;
        followLimits(now);
        opens.charge(1, now);
        return opens.debtNanos(now);
    }

    /** Whether a further path may join now. */
    public synchronized boolean takeJoin(long now) {
        followLimits(now);
        return joins.tryTake(1, now);
    }

    /** Whether there may be one more stream; each is to be given back once, when its destination's socket is gone. */
    public synchronized boolean takeStream() {
        if (streams >= user.limits().streamsPerSession() || !all.takeStream()) {
            return false;
        }
        streams++;
        return true;
    }

    public synchronized void giveStreamBack() {
        streams--;
        all.giveStreamBack();
    }

    /** Whether one more datagram may go to a destination now; if not, it is dropped. */
    public synchronized boolean takeDatagram(int bytes, long now) {
        boolean taken = user.takeDatagram(bytes, now);
        up += taken ? bytes : 0;
        return taken;
    }

    /** As {@link UserBudget#chargeUp}. */
    public synchronized long chargeUp(int bytes, long now) {
        up += bytes;
        return user.chargeUp(bytes, now);
    }

    /** As {@link UserBudget#chargeDown}. */
    public synchronized long chargeDown(int bytes, long now) {
        down += bytes;
        return user.chargeDown(bytes, now);
    }

    /** Streams that were opened, since the start. */
    public synchronized long opened() {
        return opened;
    }

    /** Bytes towards destinations, since the start. */
    public synchronized long up() {
        return up;
    }

    /** Bytes from destinations, since the start. */
    public synchronized long down() {
        return down;
    }

    /** The session has ended. Harmless when repeated. */
    public synchronized void end() {
        if (!over) {
            over = true;
            user.giveSessionBack();
        }
    }

    /** The owner may have changed them meanwhile. */
    private void followLimits(long now) {
        UserLimits present = user.limits();
        if (present.equals(limits)) {
            return;
        }
        limits = present;
        opens.change(limits.opensPerSecond(), opensAtOnce(limits), now);
        joins.change(limits.joinsPerMinute() / SECONDS_PER_MINUTE, limits.joinsPerMinute(), now);
    }

    private static double opensAtOnce(UserLimits limits) {
        return (double) OPENS_BURST_SECONDS * limits.opensPerSecond();
    }

    synchronized int streams() {
        return streams;
    }
}
