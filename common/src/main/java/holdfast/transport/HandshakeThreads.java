package holdfast.transport;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Where the expensive steps of TLS handshakes run, so that a flood of strangers does not hold up the sessions on the event loops. What does not
 * fit into the queue is rejected, which fails that handshake: late answers to peers that have given up help nobody.
 */
public final class HandshakeThreads implements Executor, AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    /** Where threads rest: this many times what a step took. */
    private static final int REST = 2;

    private final ThreadPoolExecutor threads;
    private final boolean rests;

    /**
     * Threads that take all of a processor while there is something to do.
     *
     * @param count how many at once, 1 or more
     * @param queue how many steps may wait, 1 or more
     */
    public static HandshakeThreads start(int count, int queue) {
        return new HandshakeThreads(count, queue, false);
    }

    /** As {@link #start}; but while steps come one after the other, each thread takes no more than a third of a processor, so that others get on. */
    public static HandshakeThreads resting(int count, int queue) {
        return new HandshakeThreads(count, queue, true);
    }

    private HandshakeThreads(int count, int queue, boolean rests) {
        this.rests = rests;
        threads = new ThreadPoolExecutor(
                count,
                count,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                new DefaultThreadFactory("handshakes", true));
        threads.allowCoreThreadTimeOut(true);
    }

    /** @throws java.util.concurrent.RejectedExecutionException when the queue is full */
    @Override
    public void execute(Runnable step) {
        threads.execute(rests ? () -> runAndRest(step) : step);
    }

    private void runAndRest(Runnable step) {
        long begun = System.nanoTime();
        step.run();
        if (!threads.getQueue().isEmpty()) {
            LockSupport.parkNanos(REST * (System.nanoTime() - begun));
        }
    }

    /** Drops what waits and ends the threads. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
