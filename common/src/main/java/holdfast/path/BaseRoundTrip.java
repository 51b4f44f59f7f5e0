package holdfast.path;

/** The least round trip of about the last minute: that of an empty queue, as long as queues run empty now and then. Times in nanoseconds. */
final class BaseRoundTrip {
    private static final int SLOTS = 6;
    private static final long SLOT = 10_000_000_000L;

    /** The least of each slot of time; 0 where there was none. */
    private final long[] least = new long[SLOTS];

    private int current;
    private long slotStart;
    private long base = Long.MAX_VALUE;

    boolean isKnown() {
        return base != Long.MAX_VALUE;
    }

    /** Only once a sample was taken. */
    long nanos() {
        return base;
    }

    void sample(long roundTrip, long now) {
        if (!isKnown()) {
            slotStart = now;
        }
        if (now - slotStart >= SLOT) {
            turn(now);
        }
        long known = least[current];
        least[current] = known == 0 ? roundTrip : Math.min(known, roundTrip);
        base = Math.min(base, roundTrip);
    }

    private void turn(long now) {
        // An hour without samples need not be walked through: after all slots nothing is left of what was known.
        for (long steps = Math.min(SLOTS, (now - slotStart) / SLOT); steps > 0; steps--) {
            current = (current + 1) % SLOTS;
            least[current] = 0;
        }
        slotStart = now;
        base = Long.MAX_VALUE;
        for (long each : least) {
            base = each == 0 ? base : Math.min(base, each);
        }
    }
}
