package holdfast.path;

/**
 * How many bytes may be on their way on one path, so that the queue in the network stays short and the path full (PROTOCOL.md section 8.4): a pure
 * function of acknowledgements and time.
 *
 * <pre>
 *   OPEN --a queue, or no more growth--> LIMITED --the queue is not ours--> COMPETITIVE
 *                                          ^ |                                  |
 *                                          | +--every 3 s--> DRAINING --+       |
 *                                          +----------------------------+       |
 *                                          +--the queue goes with a deep drain--+
 * </pre>
 *
 * <p>Rates in bytes a second, times in nanoseconds.
 */
public final class InFlightLimit {
    /** What the limit is at the moment. */
    enum State {
        OPEN,
        LIMITED,
        DRAINING,
        COMPETITIVE,
        DEEP_DRAINING
    }

    /** There is no limit. */
    public static final long NONE = Long.MAX_VALUE;

    private static final long MILLIS = 1_000_000;
    private static final double SECOND = 1e9;

    /** The smallest limit. */
    private static final long FLOOR = 16 * 1024;

    private static final long SEGMENT = 1448;

    /** In shorter ones too few acknowledgements come. */
    private static final long SHORTEST_ROUND = 8 * MILLIS;

    /** So many rounds without a queue mean that the limit is too small by far. */
    private static final int CERTAIN = 3;

    /** One round with a queue may be the work of a processor that was busy elsewhere. */
    private static final int PERSISTENT = 2;

    /** A burst is told from a round where the round is so long, and looked at over such a part of it. */
    private static final long LONG_WAY = 80 * MILLIS;

    private static final int BURSTS = 16;

    /** So many times faster than a round trip's average bytes have to arrive: a kernel that paces what it sends stretches bursts itself. */
    private static final double BURST = 1.6;

    /** Whether the rate has fallen is looked at over so long at least: there have to be some acknowledgements. */
    private static final long SHORTEST_LOOK = 20 * MILLIS;

    private static final long SUDDEN = 100 * MILLIS;

    /** From 500 Mbit/s on, in bytes a second, what looks like a queue is most of all processors that are busy. */
    private static final double PROCESSORS = 62.5e6;

    /** How often base is looked at with an empty queue. */
    private static final long DRAIN_EVERY = 3_000_000_000L;

    /** How long the peer waits before it acknowledges, and how many bytes and how long at least for less. PROTOCOL.md section 4.2. */
    private static final long ACK_DELAY = 10 * MILLIS;

    private static final long ACK_DELAY_MANY = 2 * MILLIS;
    private static final double ACK_BYTES = 16 * 1024;

    /** Behind a hole acknowledgements stand still for a round trip, so what they say of queues is coarse. */
    private static final long TARGET_LOSSY = 20 * MILLIS;

    private final BaseRoundTrip base = new BaseRoundTrip();
    private final RateRounds rates = new RateRounds();
    private final BurstRate bursts = new BurstRate();
    private final RateFall falls = new RateFall();
    private final CompetitiveMode competition = new CompetitiveMode();

    private State state = State.OPEN;
    private long limit = NONE;
    private boolean lossy;

    private boolean inRound;
    private long roundStart;
    private long roundAcknowledged;
    private long roundEnd;
    private long roundLeast = Long.MAX_VALUE;
    private boolean heldBack;
    private boolean refused;
    private long queue;

    /** What was sent while the path was drained: rounds that measure it say nothing about the limit. */
    private int roundsToIgnore;

    /** When a round was over in which there was hardly a queue. */
    private long calmAt;

    private int emptyRounds;
    private int fullRounds;

    private long glanceAt;
    private long glanceLeast = Long.MAX_VALUE;
    private int glanceSamples;

    private int busyRounds;
    private int flatRounds;
    private double bestSoFar;

    private long drainAt;
    private long drainEnd;
    private long drainLeast;
    private long limitBeforeDrain;
    private long queueBeforeDrain;
    private int floorRounds;

    /** Bytes that may be unacknowledged before what is bulk has to wait, or {@link #NONE}. */
    public long bytes() {
        return limit;
    }

    /** What the path carries, in bytes a second, or 0 before that is known. */
    public double rate() {
        return rates.best();
    }

    /** Something bulky had to wait for the limit. */
    public void heldBack() {
        heldBack = true;
        falls.heldBack();
    }

    /** The transport took no more. */
    public void refused() {
        refused = true;
    }

    /** Whether the path loses packets by itself, rather than because a queue is full. */
    public void lossy(boolean whether) {
        lossy = whether;
    }

    /**
     * A round trip was measured, without the time the peer waited.
     *
     * @param bytes of the frame that made it: the path takes time to carry them, and that is no queue
     */
    public void sample(long roundTrip, long bytes, long now) {
        double known = rates.best();
        long least = known > 0 ? roundTrip - (long) (bytes * SECOND / known) : roundTrip;
        // While the rate is still being found out, it would make base too short for a minute.
        base.sample(state == State.LIMITED || state == State.DRAINING ? Math.max(1, least) : roundTrip, now);
        roundLeast = Math.min(roundLeast, least);
        drainLeast = Math.min(drainLeast, least);
        falls.sample(least);
        glanceLeast = Math.min(glanceLeast, least);
        glanceSamples++;
    }

    /**
     * The peer has acknowledged something; a {@link #sample} that this gave was told before.
     *
     * @param sent bytes that were put on the path so far
     * @param acknowledged how many of them the peer has
     */
    public void acknowledged(long sent, long acknowledged, long now) {
        if (!base.isKnown()) {
            return;
        }
        if (state == State.OPEN && base.nanos() >= LONG_WAY) {
            limitByBursts(sent, acknowledged, now);
        }
        if (followFall(acknowledged, now)) {
            startRound(sent, acknowledged, now);
        } else if (isDraining() && now >= drainEnd) {
            endDrain(now);
            startRound(sent, acknowledged, now);
        } else if (!inRound) {
            startRound(sent, acknowledged, now);
        } else if (acknowledged >= roundEnd && now - roundStart >= Math.max(SHORTEST_ROUND, 4 * base.nanos() / 5)) {
            endRound(acknowledged, now);
            startRound(sent, acknowledged, now);
        } else if (state == State.OPEN) {
            glance(acknowledged, now);
        }
    }

    private void startRound(long sent, long acknowledged, long now) {
        inRound = true;
        roundStart = now;
        roundAcknowledged = acknowledged;
        roundEnd = sent;
        roundLeast = Long.MAX_VALUE;
        heldBack = false;
        refused = false;
    }

    private void endRound(long acknowledged, long now) {
        if (roundLeast == Long.MAX_VALUE) {
            return;
        }
        boolean busy = heldBack || refused;
        double rate = (acknowledged - roundAcknowledged) * SECOND / (now - roundStart);
        queue = Math.max(0, roundLeast - base.nanos());
        if (queue < 2 * target()) {
            calmAt = now;
        }
        // What was little because little was offered says nothing about the path.
        if (busy || (rates.best() > 0 && rate > rates.best())) {
            rates.add(rate);
        }
        if (!busy) {
            return;
        }
        if (roundsToIgnore > 0) {
            roundsToIgnore--;
            return;
        }
        switch (state) {
            case OPEN -> lookForTheEnd(rate, now);
            case LIMITED -> adjust(now);
            case COMPETITIVE -> {
                if (competition.isOver(now)) {
                    drain(State.DEEP_DRAINING, now);
                }
            }
            case DRAINING, DEEP_DRAINING -> {}
        }
    }

    /** No limit yet: the path is full when a queue has grown, or when it takes no more from round to round. */
    private void lookForTheEnd(double rate, long now) {
        busyRounds++;
        flatRounds = refused && rate < 1.2 * bestSoFar ? flatRounds + 1 : 0;
        bestSoFar = Math.max(bestSoFar, rate);
        long target = target();
        boolean queues = busyRounds >= 3 && queue > Math.max(base.nanos() / 4, 2 * target);
        if (queues || (flatRounds >= 3 && queue >= target)) {
            limitAnew(now);
        } else if (limit != NONE && heldBack) {
            state = State.LIMITED;
            emptyRounds = CERTAIN;
            drainAt = now + DRAIN_EVERY;
        }
    }

    /**
     * Where the way is long, TCP has doubled what is on its way once more before a queue that grows is heard of: the queue runs over, and TCP takes long to
     * recover from that. Besides, a burst of twice what the path carries leaves half of itself in the queue. So the path is filled half at once, and the rest
     * in larger steps than usual.
     */
    private void limitByBursts(long sent, long acknowledged, long now) {
        double rate = bursts.acknowledged(acknowledged, now, Math.max(SHORTEST_ROUND, base.nanos() / BURSTS));
        boolean isBurst = rate * base.nanos() / SECOND > BURST * (sent - acknowledged);
        if (rate > 0 && refused && isBurst) {
            rates.remember(rate);
            long half = Math.max(FLOOR, (long) (rate * (base.nanos() + delay()) / 2 / SECOND));
            limit = limit == NONE ? half : Math.max(limit, half);
        }
    }

    /** Before there is a limit a queue grows fast: it is looked at more often than once in a round. */
    private void glance(long acknowledged, long now) {
        if (glanceSamples < 3 || now - glanceAt < Math.max(SHORTEST_ROUND, base.nanos() / 4)) {
            return;
        }
        boolean isLong = base.nanos() >= LONG_WAY;
        boolean queues = glanceLeast - base.nanos() > Math.max(isLong ? 0 : base.nanos() / 4, 2 * target());
        if (queues && busyRounds >= 1 && refused) {
            if (bursts.agreed() > 0) {
                // Out of a queue bytes come as fast as the path carries them; the round was slower, because it began
                // without.
                rates.add(bursts.agreed());
            }
            if (now - roundStart >= base.nanos() / 2) {
                rates.add((acknowledged - roundAcknowledged) * SECOND / (now - roundStart));
            }
            queue = glanceLeast - base.nanos();
            limitAnew(now);
        }
        glanceAt = now;
        glanceLeast = Long.MAX_VALUE;
        glanceSamples = 0;
    }

    /** The path has become much slower: no more than it carries now may be on its way, at once. Returns whether that was so. */
    private boolean followFall(long acknowledged, long now) {
        long queued = base.nanos() + Math.max(4 * target(), base.nanos() / 2);
        double rate =
                falls.acknowledged(acknowledged, now, Math.max(SHORTEST_LOOK, base.nanos() / 2), queued, rates.best());
        // A queue that grows slowly is a neighbour's, and giving way to it would not shorten it.
        boolean sudden = now - calmAt < 6 * base.nanos() + SUDDEN;
        if (rate == 0 || state != State.LIMITED || lossy || !sudden) {
            return false;
        }
        rates.fell(rate);
        limit = Math.max(FLOOR, Math.min(limit, (long) (rate * (base.nanos() + delay()) / SECOND)));
        emptyRounds = 0;
        fullRounds = 0;
        // What is on its way now was sent before.
        roundsToIgnore = 2;
        return true;
    }

    private void limitAnew(long now) {
        state = State.LIMITED;
        limit = Math.max(FLOOR, (long) (rates.best() * (base.nanos() + delay()) / SECOND));
        drainAt = now + DRAIN_EVERY;
    }

    private void adjust(long now) {
        long target = target();
        emptyRounds = queue < (wasFaster() ? target / 2 : target / 3) ? emptyRounds + 1 : 0;
        fullRounds = queue >= target ? fullRounds + 1 : 0;
        if (competition.gaveWay(rates.best(), queue, target)) {
            compete(now);
        } else if (fullRounds >= PERSISTENT || queue > 3 * target) {
            shrink(target);
        } else if (fullRounds == 0 && heldBack) {
            grow(target);
        }
        floorRounds = limit == FLOOR && queue > tolerated() ? floorRounds + 1 : 0;
        if (state == State.LIMITED && (now >= drainAt || floorRounds >= CERTAIN)) {
            drain(State.DRAINING, now);
        }
    }

    private void shrink(long target) {
        long wanted = Math.min(limit, (limit + wanted()) / 2);
        if (queue > target + target / 4) {
            wanted = Math.min(wanted, (long) (0.97 * limit));
        }
        limit = Math.max(FLOOR, Math.max(wanted, (long) (0.6 * limit)));
    }

    /**
     * Also the probe for more rate: where there is more, the queue stays short and the limit grows on. What a step has led to is seen two rounds later
     * only, so the first steps are short.
     */
    private void grow(long target) {
        if (queue >= target / 2) {
            return;
        }
        if (queue >= target / 3 && !wasFaster()) {
            limit += Math.max(SEGMENT / 2, limit / 48);
        } else if (emptyRounds < (wasFaster() ? CERTAIN - 1 : CERTAIN)) {
            limit += Math.max(SEGMENT, (long) (rates.best() * target / 2 / SECOND));
        } else {
            limit = Math.min(Math.max(limit, wanted()) + limit / 8, (long) (1.4 * limit));
        }
    }

    /** Not long ago the path has carried far more, so it is likely that it will again: one need not be as sure that there is no queue. */
    private boolean wasFaster() {
        return rates.remembered() > 1.5 * rates.best();
    }

    /** The limit that leaves just the queue that is allowed. */
    private long wanted() {
        return (long) (recentRate() * (base.nanos() + delay() + 3 * target() / 4) / SECOND) + 4096;
    }

    /**
     * While the queue is long the path may have become slower: older rounds are of no use then. While it is short the rate is what we made it: going
     * by that alone, a limit that was too small once would stay so.
     */
    private double recentRate() {
        return queue > 3 * target()
                ? rates.best(RateRounds.HURRIED)
                : Math.max(rates.best(), 0.95 * rates.remembered());
    }

    /** The queue that is allowed: the faster the path, the shorter, and not less than can be told from noise over a long way. */
    private long target() {
        double nanos = 4 * MILLIS * Math.sqrt(6.25e6 / Math.max(1, rates.best()));
        long shortest = Math.max(rates.best() < PROCESSORS ? 3 * MILLIS : 10 * MILLIS, base.nanos() / 14);
        long target = Math.max(shortest, (long) Math.min(12 * MILLIS, nanos));
        return lossy ? Math.max(target, TARGET_LOSSY) : target;
    }

    /** How long what has arrived waits for its acknowledgement. */
    private long delay() {
        double enough = ACK_BYTES / Math.max(1, rates.best()) * SECOND;
        return (long) Math.min(ACK_DELAY, Math.max(ACK_DELAY_MANY, enough));
    }

    // Drains.

    private boolean isDraining() {
        return state == State.DRAINING || state == State.DEEP_DRAINING;
    }

    private void drain(State how, long now) {
        boolean deep = how == State.DEEP_DRAINING;
        long roundTrip = base.nanos() + queue;
        limitBeforeDrain = limit;
        queueBeforeDrain = queue;
        state = how;
        limit = Math.max(FLOOR / 2, (long) (rates.best() * ((deep ? 0.5 : 0.85) * base.nanos() + delay()) / SECOND));
        drainEnd = now + (deep ? 2 * roundTrip : 13 * roundTrip / 10) + delay();
        drainLeast = Long.MAX_VALUE;
    }

    private void endDrain(long now) {
        long tolerated = tolerated();
        long left = drainLeast == Long.MAX_VALUE ? 0 : drainLeast - base.nanos();
        if (state == State.DEEP_DRAINING) {
            if (left > tolerated) {
                compete(now);
            } else {
                competition.leave(now);
                limitAnew(now);
            }
        } else if (competition.drained(left, tolerated) || isLongerWay(left)) {
            compete(now);
        } else {
            state = State.LIMITED;
            limit = limitBeforeDrain;
            roundsToIgnore = 2;
            drainAt = now + DRAIN_EVERY;
        }
    }

    /** What a drain may leave. */
    private long tolerated() {
        return Math.max(5 * target() / 2, base.nanos() / 4);
    }

    /** Next to nothing is on its way, and half of that makes no difference: so there is no queue, and base is that of a shorter way than today's. */
    private boolean isLongerWay(long left) {
        return floorRounds >= CERTAIN && left > 3 * queueBeforeDrain / 4;
    }

    private void compete(long now) {
        floorRounds = 0;
        state = State.COMPETITIVE;
        limit = NONE;
        competition.enter(now);
    }

    State state() {
        return state;
    }

    @Override
    public String toString() {
        return state + (limit == NONE ? "" : " " + limit) + " base " + (base.isKnown() ? base.nanos() / 1000 : 0)
                + " us, queue " + queue / 1000 + " us, rate " + (long) rates.best();
    }
}
