package holdfast.console;

import org.jspecify.annotations.Nullable;

/** <code>{"time":"2026-11-21T09:30:00.123Z","level":"INFO","event":"path.up","path":2}</code>: numbers and booleans stay what they are. */
final class JsonLine {
    private JsonLine() {}

    static String of(LogRecord event) {
        StringBuilder out = new StringBuilder(200);
        out.append("{\"time\":\"");
        TextLine.appendTime(out, event.time());
        out.append("\",\"level\":\"").append(event.level()).append("\",\"event\":");
        Escape.quote(out, event.name(), LogRecord.VALUE_LIMIT);
        for (LogRecord.Field each : event.fields()) {
            out.append(',');
            Escape.quote(out, each.key(), LogRecord.VALUE_LIMIT);
            out.append(':');
            appendValue(out, each.value());
        }
        return out.append("}\n").toString();
    }

    private static void appendValue(StringBuilder out, @Nullable Object value) {
        boolean isNumber = value instanceof Number number && Double.isFinite(number.doubleValue());
        if (value == null || value instanceof Boolean || isNumber) {
            out.append(value);
        } else {
            Escape.quote(out, LogRecord.text(value), LogRecord.VALUE_LIMIT);
        }
    }
}
