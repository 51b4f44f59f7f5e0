package holdfast.itest.harness;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Waits for a condition by looking again and again, never longer than a limit. */
public final class Await {
    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    private Await() {}

    /** Something that comes true sooner or later. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /**
     * Returns as soon as the condition holds.
     *
     * @param what the condition in words, for the failure's message
     * @throws AssertionError when it does not hold in time
     */
    public static void until(String what, Duration limit, Condition condition) throws Exception {
        if (!within(limit, condition)) {
            throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
        }
    }

    /**
     * Returns the value as soon as it has not changed for a while.
     *
     * @throws AssertionError when it goes on changing
     */
    public static long steady(String what, Duration quiet, Duration limit, LongSupplier value) throws Exception {
        long[] last = {value.getAsLong(), System.nanoTime()};
        until(what + " is steady", limit, () -> {
            long now = value.getAsLong();
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] >= quiet.toNanos();
        });
        return last[0];
    }

    /** Whether the condition came to hold in time; for a caller that has more to say about it than its name. */
    public static boolean within(Duration limit, Condition condition) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        long pause = FIRST_PAUSE_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("while waiting");
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
        }
        return true;
    }
}
