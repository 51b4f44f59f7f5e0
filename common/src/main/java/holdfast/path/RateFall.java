package holdfast.path;

/**
 * Notices within about a round trip and a half that a path carries far less than before. What was on its way fills the slowest router's queue then, and goes
 * on doing so for as long as as much is kept on its way: rounds take as long as that queue, so by the third of them TCP would have lost packets again and
 * again, and have a window too small for when the rate comes back. Rates in bytes a second, times in nanoseconds.
 */
final class RateFall {
    /** So many looks in a row have to say the same: one may be a gap in the acknowledgements. */
    private static final int LOOKS = 2;

    /** Of what is known, or less. */
    private static final double FALLEN = 0.6;

    private long since;
    private long acknowledgedThen;
    private long least = Long.MAX_VALUE;
    private int samples;
    private boolean heldBack;

    private int looks;
    private long firstSince;
    private long firstAcknowledged;

    void sample(long roundTrip) {
        least = Math.min(least, roundTrip);
        samples++;
    }

    /** Something had to wait: what the path carries now is all it can. */
    void heldBack() {
        heldBack = true;
    }

    /**
     * The peer has acknowledged something. Returns what the path carries now, where that is far less than what is known, or 0.
     *
     * @param shortest over how long at least a look is taken
     * @param queued a round trip that shows a queue which is too long by far
     * @param known what the path carried before
     */
    double acknowledged(long acknowledged, long now, long shortest, long queued, double known) {
        if (since == 0) {
            look(acknowledged, now);
            return 0;
        }
        if (now - since < shortest || samples < LOOKS) {
            return 0;
        }
        double rate = (acknowledged - acknowledgedThen) * 1e9 / (now - since);
        if (!heldBack || least < queued || rate > FALLEN * known) {
            looks = 0;
        } else if (looks++ == 0) {
            firstSince = since;
            firstAcknowledged = acknowledgedThen;
        }
        look(acknowledged, now);
        if (looks < LOOKS) {
            return 0;
        }
        looks = 0;
        return (acknowledged - firstAcknowledged) * 1e9 / (now - firstSince);
    }

    private void look(long acknowledged, long now) {
        since = now;
        acknowledgedThen = acknowledged;
        least = Long.MAX_VALUE;
        samples = 0;
        heldBack = false;
    }
}
