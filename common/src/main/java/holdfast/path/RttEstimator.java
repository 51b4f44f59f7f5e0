package holdfast.path;

/** Smoothed round-trip time and its variation, after RFC 9002 section 5. All times in nanoseconds. */
public final class RttEstimator {
    private long latest;
    private long smoothed;
    private long variation;
    private long minimum = Long.MAX_VALUE;

    public boolean hasSample() {
        return minimum != Long.MAX_VALUE;
    }

    public void sample(long roundTrip) {
        long rtt = Math.max(roundTrip, 1);
        latest = rtt;
        if (!hasSample()) {
            smoothed = rtt;
            variation = rtt / 2;
        } else {
            variation += (Math.abs(smoothed - rtt) - variation) / 4;
            smoothed += (rtt - smoothed) / 8;
        }
        minimum = Math.min(minimum, rtt);
    }

    /** The smoothed value, or {@code otherwise} before the first sample. */
    public long smoothed(long otherwise) {
        return hasSample() ? smoothed : otherwise;
    }

    public long latest() {
        return latest;
    }

    public long variation() {
        return variation;
    }

    /** The least ever seen, or {@code otherwise} before the first sample. */
    public long minimum(long otherwise) {
        return hasSample() ? minimum : otherwise;
    }
}
