package holdfast.path;

/**
 * Whether to be polite makes sense. Beside a neighbour that fills every queue, such as a plain download with CUBIC, a sender that keeps the queue short
 * starves, and the queue is no shorter for it. Then it is better to claim one's share for a while and to look again. Times in nanoseconds.
 */
final class CompetitiveMode {
    private static final long FIRST = 10_000_000_000L;
    private static final long LONGEST = 60_000_000_000L;

    /** Calm for so long: the next neighbour is a new one. */
    private static final long FORGOTTEN_AFTER = 60_000_000_000L;

    private static final int ROUNDS = 8;
    private static final int STRIKES = 2;

    private long length = FIRST;
    private long endsAt;
    private long leftAt;

    private int fullDrains;
    private int strikes;
    private int round;
    private double rateBefore;
    private long queueBefore;

    /** A drain is over and this much of the queue is left. Returns whether it has become clear that the queue is not ours. */
    boolean drained(long queueLeft, long tolerated) {
        fullDrains = queueLeft > tolerated ? fullDrains + 1 : 0;
        return fullDrains >= 2;
    }

    /**
     * A round in which something had to wait is over.
     *
     * @return whether giving way has cost rate again and again and left the queue as it was
     */
    boolean gaveWay(double rate, long queue, long target) {
        if (round == 0) {
            rateBefore = rate;
            queueBefore = queue;
        }
        round++;
        if (round <= ROUNDS) {
            return false;
        }
        round = 0;
        boolean inVain = queueBefore >= target && rate < 0.9 * rateBefore && queue > 0.7 * queueBefore;
        strikes = inVain ? strikes + 1 : 0;
        return strikes >= STRIKES;
    }

    void enter(long now) {
        if (leftAt != 0 && now - leftAt > FORGOTTEN_AFTER) {
            length = FIRST;
        }
        endsAt = now + spread(length, now);
        length = Math.min(LONGEST, 2 * length);
    }

    void leave(long now) {
        leftAt = now;
        fullDrains = 0;
        strikes = 0;
        round = 0;
    }

    boolean isOver(long now) {
        return now >= endsAt;
    }

    /** A quarter more or less, so that two such senders do not look at the same time: the last digits of a clock are as good as dice. */
    private static long spread(long nanos, long now) {
        return nanos + nanos / 4 * (Math.floorMod(now / 1000, 2001) - 1000) / 1000;
    }
}
