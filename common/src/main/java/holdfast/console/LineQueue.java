package holdfast.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Carries lines from the threads that log to one thread that writes. A reader that stops reading blocks only the writer: once the queue is full
 * new lines are dropped and counted, and when it moves again a line says how many are missing.
 */
final class LineQueue implements AutoCloseable {
    /** The most that waits, in characters: some thousand lines. */
    static final int LIMIT = 1 << 20;

    private static final int BATCH = 1 << 16;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final OutputStream out;
    private final LongFunction<String> missingLine;
    private final Thread writer;
    private final Object lock = new Object();
    private final Queue<String> waiting = new ArrayDeque<>();
    private int waitingLength;
    private long droppedNow;
    private long droppedEver;
    private boolean closed;

    /**
     * Starts the writer, a daemon.
     *
     * @param missingLine the line that stands in for so many dropped ones
     */
    LineQueue(OutputStream out, LongFunction<String> missingLine) {
        this.out = out;
        this.missingLine = missingLine;
        this.writer = new Thread(this::write, "log");
        writer.setDaemon(true);
        writer.start();
    }

    /** Never waits for the reader. */
    void offer(String line) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (waitingLength + line.length() > LIMIT) {
                droppedNow++;
                droppedEver++;
                return;
            }
            waiting.add(line);
            waitingLength += line.length();
            lock.notifyAll();
        }
    }

    long dropped() {
        synchronized (lock) {
            return droppedEver;
        }
    }

    /** Gives the writer a second for what waits; what a blocked reader does not take by then is lost. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        try {
            writer.join(LAST_WORDS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try {
            for (String batch = take(); batch != null; batch = take()) {
                writeOut(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeOut(String batch) {
        try {
            out.write(batch.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            // The terminal or the pipe is gone. There is nobody to tell, and the program goes on without its log.
            synchronized (lock) {
                droppedEver++;
            }
        }
    }

    /** Waits for lines and takes some; null when closed and empty. */
    private @Nullable String take() throws InterruptedException {
        synchronized (lock) {
            while (waiting.isEmpty() && droppedNow == 0) {
                if (closed) {
                    return null;
                }
                lock.wait();
            }
            StringBuilder batch = new StringBuilder();
            while (!waiting.isEmpty() && batch.length() < BATCH) {
                batch.append(waiting.remove());
            }
            waitingLength -= batch.length();
            if (waiting.isEmpty() && droppedNow > 0) {
                batch.append(missingLine.apply(droppedNow));
                droppedNow = 0;
            }
            return batch.toString();
        }
    }
}
