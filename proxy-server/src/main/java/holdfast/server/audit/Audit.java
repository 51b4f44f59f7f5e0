package holdfast.server.audit;

import holdfast.console.LogFormat;
import holdfast.console.LogRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit: lines go into a bounded queue and from there to a file, by a thread that may wait. Any thread may write; none waits.
 *
 * <p>When the file cannot be written, the owner's choice holds: either the lines are lost, counted, and said to be lost once there is room again; or they
 * are kept, tried again every second, and meanwhile {@link #isStuck} tells that nothing new should be served.
 */
public final class Audit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.audit");

    /** The most that waits, in characters: some ten thousand lines. */
    private static final int LIMIT = 4 << 20;

    private static final int BATCH = 1 << 16;
    private static final long RETRY_MILLIS = 1000;

    /** What comes within this time is written together: at thousands of connections a second a system call and a wake-up for each line count. */
    private static final long GATHER_NANOS = 10_000_000;

    private static final long LAST_WORDS_MILLIS = 2000;

    private final boolean keeps;
    private final @Nullable AuditFile file;
    private final @Nullable Thread writer;
    private final Object lock = new Object();
    private final Queue<String> waiting = new ArrayDeque<>();
    private int waitingLength;
    private long lost;
    private long lostUntold;
    private boolean failing;
    private boolean closed;

    /** The writer waits for more lines, and not for the first. */
    private boolean gathering;

    private Audit(AuditSettings settings) {
        keeps = settings.refuseWhenFull();
        Path path = settings.file().orElse(null);
        file = path == null ? null : new AuditFile(settings, path);
        writer = path == null ? null : new Thread(this::write, "audit");
    }

    /** Starts writing. */
    public static Audit start(AuditSettings settings) {
        Audit audit = new Audit(settings);
        if (audit.writer != null) {
            audit.writer.setDaemon(true);
            audit.writer.start();
        }
        return audit;
    }

    /** Writes an event; never waits. */
    public void write(String event, LogRecord.Field... fields) {
        if (file == null) {
            return;
        }
        String line = line(event, List.of(fields));
        synchronized (lock) {
            if (closed || waitingLength + line.length() > LIMIT) {
                lost++;
                lostUntold++;
                return;
            }
            waiting.add(line);
            waitingLength += line.length();
            if (!gathering || waitingLength >= BATCH) {
                lock.notifyAll();
            }
        }
    }

    /** A key and what is known under it. */
    public static LogRecord.Field field(String key, @Nullable Object value) {
        return new LogRecord.Field(key, value);
    }

    /** Whether nothing new should be served, because lines cannot be written and none is to be lost. */
    public boolean isStuck() {
        if (!keeps || file == null) {
            return false;
        }
        synchronized (lock) {
            return failing || waitingLength > LIMIT / 2;
        }
    }

    /** Lines that are not in the file and never will be. */
    public long lost() {
        synchronized (lock) {
            return lost;
        }
    }

    /** Writes what waits, for at most two seconds. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        if (writer == null) {
            return;
        }
        try {
            writer.join(LAST_WORDS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        AuditFile out = file;
        if (out == null) {
            return;
        }
        try (out) {
            for (Batch batch = take(); batch != null; batch = take()) {
                writeOut(out, batch);
                gather();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Batch(String text, int lines) {}

    private void writeOut(AuditFile out, Batch batch) throws InterruptedException {
        while (true) {
            try {
                out.append(batch.text());
                failed(null);
                return;
            } catch (IOException e) {
                out.close();
                failed(e);
            }
            synchronized (lock) {
                if (!keeps || closed) {
                    lost += batch.lines();
                    lostUntold += batch.lines();
                    return;
                }
                lock.wait(RETRY_MILLIS);
            }
        }
    }

    /** Says it once when writing begins to fail, and once when it works again. */
    private void failed(@Nullable IOException cause) {
        boolean changed;
        synchronized (lock) {
            changed = failing != (cause != null);
            failing = cause != null;
        }
        if (changed && cause != null) {
            LOG.atError()
                    .addKeyValue("reason", cause.getMessage())
                    .addKeyValue("consequence", keeps ? "nothing new is served" : "lines are lost")
                    .log("audit.failing");
        } else if (changed) {
            LOG.atInfo().addKeyValue("lost", lost()).log("audit.works");
        }
    }

    /** Lets lines come together, unless there are many already or this is the end. */
    private void gather() throws InterruptedException {
        synchronized (lock) {
            gathering = true;
            long end = System.nanoTime() + GATHER_NANOS;
            for (long left = GATHER_NANOS;
                    left > 0 && !closed && waitingLength < BATCH;
                    left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
            gathering = false;
        }
    }

    /** Waits for lines and takes some; null when closed and empty. */
    private @Nullable Batch take() throws InterruptedException {
        synchronized (lock) {
            while (waiting.isEmpty()) {
                if (closed) {
                    return null;
                }
                lock.wait();
            }
            StringBuilder text = new StringBuilder();
            int lines = 0;
            if (lostUntold > 0 && !failing) {
                text.append(line("audit.lost", List.of(field("lines", lostUntold))));
                lostUntold = 0;
            }
            while (!waiting.isEmpty() && text.length() < BATCH) {
                String line = waiting.remove();
                waitingLength -= line.length();
                text.append(line);
                lines++;
            }
            return new Batch(text.toString(), lines);
        }
    }

    private static String line(String event, List<LogRecord.Field> fields) {
        return LogFormat.JSON.line(new LogRecord(Instant.now(), "AUDIT", event, fields));
    }
}
