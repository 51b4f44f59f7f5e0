package holdfast.transport;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where the expensive steps of TLS handshakes run, so that a flood of strangers does not hold up the sessions on the event loops. What does not
 * fit into the queue is rejected, which fails that handshake: late answers to peers that have given up help nobody.
 */
public final class HandshakeThreads implements Executor, AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads;

    /**
     * @param count how many at once, 1 or more
     * @param queue how many steps may wait, 1 or more
     */
    public HandshakeThreads(int count, int queue) {
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
        threads.execute(step);
    }

    /** Drops what waits and ends the threads. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
