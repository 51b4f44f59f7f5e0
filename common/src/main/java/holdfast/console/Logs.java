package holdfast.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The log: where {@code log.atInfo().addKeyValue("session", id).log("path.up")} goes. Set up by code, because reading an XML file would take
 * longer than the rest of the start.
 *
 * <p>The thread that logs only formats; writing is another thread's work ({@link LineQueue}), so that nothing that reads the log can hold up an
 * event loop.
 */
public final class Logs implements AutoCloseable {
    private final LineQueue queue;
    private final Logger root;
    private final UnsynchronizedAppenderBase<ILoggingEvent> appender;

    private Logs(OutputStream out, LogFormat format) {
        this.queue = new LineQueue(out, missing -> format.line(missing(missing)));
        this.root = context().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        this.appender = new UnsynchronizedAppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                queue.offer(format.line(LogRecord.of(event)));
            }
        };
    }

    /**
     * Sends the log of the whole program to stderr from now on.
     *
     * @param verbosity -1 only warnings, 0 normal, 1 more, 2 everything, also of the libraries
     */
    public static Logs toStderr(LogFormat format, int verbosity) {
        return to(new FileOutputStream(FileDescriptor.err), format, verbosity);
    }

    /** As {@link #toStderr}, to any stream; it is not closed. */
    static Logs to(OutputStream out, LogFormat format, int verbosity) {
        Logs logs = new Logs(out, format);
        LoggerContext context = context();
        logs.root.detachAndStopAllAppenders();
        logs.root.setLevel(verbosity >= 2 ? Level.DEBUG : Level.WARN);
        context.getLogger("holdfast").setLevel(level(verbosity));
        logs.appender.setContext(context);
        logs.appender.start();
        logs.root.addAppender(logs.appender);
        return logs;
    }

    /** How many lines were lost because nobody read the log. */
    public long dropped() {
        return queue.dropped();
    }

    /** Writes what waits, for at most a second, and logs no more. */
    @Override
    public void close() {
        root.detachAppender(appender);
        appender.stop();
        queue.close();
    }

    private static Level level(int verbosity) {
        return switch (Math.max(-1, Math.min(2, verbosity))) {
            case -1 -> Level.WARN;
            case 0 -> Level.INFO;
            case 1 -> Level.DEBUG;
            default -> Level.TRACE;
        };
    }

    private static LogRecord missing(long count) {
        return new LogRecord(Instant.now(), "WARN", "log.dropped", List.of(new LogRecord.Field("lines", count)));
    }

    /** Another thread may be the first to ask for a logger (those that make a start quicker do): until it is through, with this monitor, others are given a substitute. */
    @SuppressWarnings("LockOnNonEnclosingClassLiteral")
    private static LoggerContext context() {
        synchronized (LoggerFactory.class) {
            return (LoggerContext) LoggerFactory.getILoggerFactory();
        }
    }
}
