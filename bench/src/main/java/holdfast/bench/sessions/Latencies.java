package holdfast.bench.sessions;

import java.util.Arrays;

/** Times, all of them kept; safe for all threads. */
final class Latencies {
    private long[] nanos = new long[1 << 16];
    private int count;

    synchronized void add(long time) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = time;
    }

    synchronized int count() {
        return count;
    }

    /** The time, in milliseconds, that this part of all does not exceed. */
    synchronized double millis(double part) {
        if (count == 0) {
            return 0;
        }
        Arrays.sort(nanos, 0, count);
        return nanos[(int) Math.round(part * (count - 1))] / 1e6;
    }
}
