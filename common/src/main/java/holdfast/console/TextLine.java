package holdfast.console;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** {@code 2026-11-21T09:30:00.123Z INFO  path.up session=4f1c22aa path=2 interface="wlan 0"}: values are quoted where they need to be. */
final class TextLine {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private TextLine() {}

    static String of(LogRecord event) {
        StringBuilder out = new StringBuilder(160);
        out.append(time(event.time())).append(' ').append(event.level());
        // The longest level is DEBUG, TRACE or ERROR: names line up.
        out.append(" ".repeat(Math.max(1, 6 - event.level().length())));
        appendValue(out, event.name());
        for (LogRecord.Field each : event.fields()) {
            out.append(' ');
            appendKey(out, each.key());
            out.append('=');
            appendValue(out, LogRecord.text(each.value()));
        }
        return out.append('\n').toString();
    }

    static String time(Instant time) {
        return TIME.format(time);
    }

    private static void appendKey(StringBuilder out, String key) {
        for (int i = 0; i < Math.min(key.length(), 64); i++) {
            char c = key.charAt(i);
            out.append(isPlain(c) && c != '=' ? c : '_');
        }
    }

    private static void appendValue(StringBuilder out, String value) {
        boolean plain = !value.isEmpty() && value.length() <= LogRecord.VALUE_LIMIT;
        for (int i = 0; plain && i < value.length(); i++) {
            plain = isPlain(value.charAt(i));
        }
        if (plain) {
            out.append(value);
        } else {
            Escape.quote(out, value, LogRecord.VALUE_LIMIT);
        }
    }

    /** Needs no quotes: visible ASCII that cannot be taken for the end of a value or the start of the next. */
    private static boolean isPlain(char c) {
        return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=';
    }
}
