package holdfast.console;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON (RFC 8259): maps become objects, iterables arrays; the order is theirs. Everything is on one line. */
public final class Json {
    private Json() {}

    /**
     * The JSON text of a value.
     *
     * @param value null, text, a boolean, a finite number, a map with keys of text, or an iterable; and such values inside
     * @throws IllegalArgumentException for anything else, which has no one obvious form
     */
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    static void append(StringBuilder out, @Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof CharSequence text) {
            Escape.quote(out, text, Integer.MAX_VALUE);
        } else if (value instanceof Number number) {
            appendNumber(out, number);
        } else if (value instanceof Map<?, ?> map) {
            appendObject(out, map);
        } else if (value instanceof Iterable<?> values) {
            appendArray(out, values);
        } else {
            throw new IllegalArgumentException(
                    "no JSON for a " + value.getClass().getName());
        }
    }

    private static void appendNumber(StringBuilder out, Number number) {
        if (!Double.isFinite(number.doubleValue())) {
            throw new IllegalArgumentException("JSON has no number " + number);
        }
        out.append(number);
    }

    private static void appendObject(StringBuilder out, Map<?, ?> map) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> each : map.entrySet()) {
            if (!(each.getKey() instanceof CharSequence name)) {
                throw new IllegalArgumentException("a JSON object has names of text, not " + each.getKey());
            }
            out.append(separator);
            Escape.quote(out, name, Integer.MAX_VALUE);
            out.append(':');
            append(out, each.getValue());
            separator = ",";
        }
        out.append('}');
    }

    private static void appendArray(StringBuilder out, Iterable<?> values) {
        out.append('[');
        String separator = "";
        for (Object each : values) {
            out.append(separator);
            append(out, each);
            separator = ",";
        }
        out.append(']');
    }
}
