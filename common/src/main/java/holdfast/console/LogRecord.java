package holdfast.console;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One event as it is written: Holdfast's own carry a stable name; the free text of a library becomes the event {@code library.log}, so that the
 * name is always a name.
 */
public record LogRecord(Instant time, String level, String name, List<Field> fields) {
    /** The longest value that is written whole, in characters. */
    static final int VALUE_LIMIT = 1024;

    private static final int FRAMES = 12;

    /** A key and what is known under it. */
    public record Field(String key, @Nullable Object value) {}

    static LogRecord of(ILoggingEvent event) {
        List<Field> fields = new ArrayList<>();
        String name = event.getFormattedMessage();
        if (!event.getLoggerName().startsWith("holdfast.")) {
            fields.add(new Field("logger", event.getLoggerName()));
            fields.add(new Field("text", name));
            name = "library.log";
        }
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            for (KeyValuePair each : pairs) {
                fields.add(new Field(each.key, each.value));
            }
        }
        addCause(event.getThrowableProxy(), fields);
        return new LogRecord(event.getInstant(), event.getLevel().toString(), name, fields);
    }

    private static void addCause(@Nullable IThrowableProxy thrown, List<Field> fields) {
        if (thrown == null) {
            return;
        }
        fields.add(new Field("error", text(thrown)));
        StringBuilder frames = new StringBuilder();
        IThrowableProxy last = thrown;
        while (last.getCause() != null && last.getCause() != last) {
            last = last.getCause();
        }
        if (last != thrown) {
            fields.add(new Field("cause", text(last)));
        }
        StackTraceElementProxy[] trace = last.getStackTraceElementProxyArray();
        for (int i = 0; trace != null && i < Math.min(trace.length, FRAMES); i++) {
            frames.append(i == 0 ? "" : " < ").append(trace[i].getStackTraceElement());
        }
        if (frames.length() > 0) {
            fields.add(new Field("at", frames));
        }
    }

    private static String text(IThrowableProxy thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClassName() : thrown.getClassName() + ": " + message;
    }

    /** The value's own text; one whose text cannot be made must not take the event with it. */
    static String text(@Nullable Object value) {
        try {
            return String.valueOf(value);
        } catch (RuntimeException e) {
            return "(" + e.getClass().getName() + " in toString)";
        }
    }
}
