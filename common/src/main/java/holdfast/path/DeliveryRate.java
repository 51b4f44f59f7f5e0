package holdfast.path;

/**
 * Bytes a second that a path's acknowledgements show, as the largest of the last rounds: a path that was given little to do is not slow. Times in
 * nanoseconds.
 */
public final class DeliveryRate {
    private static final int ROUNDS = 8;
    private static final long MIN_ROUND = 10_000_000;

    private final double[] rounds = new double[ROUNDS];
    private int next;
    private long roundStart;
    private long roundBytes;
    private boolean lacked;
    private double best;

    /** There was nothing to put on the path: what this round shows is what was offered, at least as much would have been carried. */
    public void lackedWork() {
        lacked = true;
    }

    /** Bytes were acknowledged. */
    public void acknowledged(long bytes, long now, long roundTrip) {
        if (roundStart == 0) {
            start(now);
            return;
        }
        roundBytes += bytes;
        long elapsed = now - roundStart;
        if (elapsed < Math.max(MIN_ROUND, roundTrip)) {
            return;
        }
        double shown = roundBytes * 1e9 / elapsed;
        if (!lacked || (best > 0 && shown > best)) {
            record(shown);
        }
        start(now);
    }

    /** Bytes a second, or {@code otherwise} before anything was measured. */
    public double bytesPerSecond(double otherwise) {
        return best > 0 ? best : otherwise;
    }

    private void record(double shown) {
        rounds[next] = shown;
        next = (next + 1) % ROUNDS;
        best = 0;
        for (double each : rounds) {
            best = Math.max(best, each);
        }
    }

    private void start(long now) {
        roundStart = now;
        roundBytes = 0;
        lacked = false;
    }
}
