package holdfast.path;

/**
 * How fast bytes arrive while they do. A path that starts is given a burst in each round trip, and the slowest link on the way stretches every burst to its
 * own rate, long before the bursts fill the round trip: so the rate is known before the path is full. Rates in bytes a second, times in nanoseconds.
 */
final class BurstRate {
    /** Two looks that differ by less than this factor have seen the same. */
    private static final double SAME = 1.25;

    private long since;
    private long acknowledgedBefore;
    private double rateBefore;
    private double agreed;

    /**
     * The peer has acknowledged something. Returns the rate that this look and the one before it agree on, or 0.
     *
     * @param shortest over how long at least a look is taken
     */
    double acknowledged(long acknowledged, long now, long shortest) {
        if (since != 0 && now - since < shortest) {
            return 0;
        }
        // Over a gap between two bursts it would be the rate of rounds.
        boolean gap = since == 0 || now - since > 2 * shortest;
        double rate = gap ? 0 : (acknowledged - acknowledgedBefore) * 1e9 / (now - since);
        boolean agree = rate < SAME * rateBefore && rateBefore < SAME * rate;
        agreed = agree ? Math.min(rate, rateBefore) : 0;
        since = now;
        acknowledgedBefore = acknowledged;
        rateBefore = rate;
        return agreed;
    }

    /** What {@link #acknowledged} returned last. */
    double agreed() {
        return agreed;
    }
}
