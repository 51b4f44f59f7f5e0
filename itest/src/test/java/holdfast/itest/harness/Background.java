package holdfast.itest.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something that a test does beside its main thread, and whose failure is the test's. */
public final class Background {
    private final CompletableFuture<Void> done;

    private Background(CompletableFuture<Void> done) {
        this.done = done;
    }

    /** What may fail in any way. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    public static Background run(Work work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Daemon.THREADS.execute(() -> {
            try {
                work.run();
                done.complete(null);
            } catch (Throwable failure) {
                done.completeExceptionally(failure);
            }
        });
        return new Background(done);
    }

    /** The same work {@code count} times, each beside the others. */
    public static List<Background> times(int count, Work work) {
        List<Background> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(run(work));
        }
        return all;
    }

    public boolean isDone() {
        return done.isDone();
    }

    /** Waits for its end; fails as it failed, or when it takes too long. */
    public void await(Duration limit) throws Exception {
        try {
            done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not done within " + limit.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new AssertionError("beside the test: " + e.getCause(), e.getCause());
        }
    }
}
