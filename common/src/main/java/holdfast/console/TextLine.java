package holdfast.console;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** {@code 2026-11-21T09:30:00.123Z INFO  path.up session=4f1c22aa path=2 interface="wlan 0"}: values are quoted where they need to be. */
final class TextLine {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Of thousands of lines in a second only the first has its time formatted in full. */
    private static volatile Second lastSecond = Second.of(Instant.EPOCH);

    private TextLine() {}

    static String of(LogRecord event) {
        StringBuilder out = new StringBuilder(160);
        appendTime(out, event.time());
        out.append(' ').append(event.level());
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

    private record Second(long epochSecond, String text) {
        static Second of(Instant time) {
            return new Second(time.getEpochSecond(), SECOND.format(time));
        }
    }

    static void appendTime(StringBuilder out, Instant time) {
        Second second = lastSecond;
        if (second.epochSecond() != time.getEpochSecond()) {
            second = Second.of(time);
            lastSecond = second;
        }
        int millis = time.getNano() / 1_000_000;
        out.append(second.text()).append('.');
        out.append((char) ('0' + millis / 100)).append((char) ('0' + millis / 10 % 10));
        out.append((char) ('0' + millis % 10)).append('Z');
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
