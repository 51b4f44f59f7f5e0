package holdfast.itest.harness;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** One direction of a {@link FlakyLink}, shared by its connections: their bytes wait here until the link lets them go on. */
final class Line {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean stalled;
    private long delayNanos;
    private long bytesPerSecond;
    private long freeAt = System.nanoTime();
    private long passed;
    private long cutAt = Long.MAX_VALUE;

    /** How much of a piece may pass, and whether the connection is to be cut behind it. */
    record Admission(int bytes, boolean cut) {}

    void stall(boolean stall) {
        change(() -> stalled = stall);
    }

    void delay(long nanos) {
        change(() -> delayNanos = nanos);
    }

    void rate(long limit) {
        change(() -> bytesPerSecond = limit);
    }

    void cutAfter(long bytes) {
        change(() -> cutAt = passed + bytes);
    }

    /** Lets those who wait see that their connection is over. */
    void wake() {
        change(() -> {});
    }

    long passed() {
        lock.lock();
        try {
            return passed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns when a piece that came at {@code cameAt} has had the delay, the line is not stalled, and the line is free at its rate. The piece counts as
     * passed then, up to where the connection is to be cut.
     *
     * @return nothing admitted and no cut, if the connection was over before
     */
    Admission pass(int bytes, long cameAt, BooleanSupplier isOver) throws InterruptedException {
        lock.lock();
        try {
            while (!isOver.getAsBoolean()) {
                long now = System.nanoTime();
                long wait = Math.max(cameAt + delayNanos - now, bytesPerSecond > 0 ? freeAt - now : 0);
                if (stalled) {
                    changed.await();
                } else if (wait > 0) {
                    changed.awaitNanos(wait);
                } else {
                    return admit(bytes, now);
                }
            }
            return new Admission(0, false);
        } finally {
            lock.unlock();
        }
    }

    private Admission admit(int bytes, long now) {
        int admitted = (int) Math.min(bytes, cutAt - passed);
        passed += admitted;
        boolean cut = passed == cutAt;
        if (cut) {
            cutAt = Long.MAX_VALUE;
        }
        if (bytesPerSecond > 0) {
            freeAt = now + admitted * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
        }
        return new Admission(admitted, cut);
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
