package holdfast.itest.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value read from JSON text (RFC 8259), for looking into what a program prints. */
public final class Json {
    private final @Nullable Object value;

    private Json(@Nullable Object value) {
        this.value = value;
    }

    /**
     * Reads one value and nothing behind it.
     *
     * @throws IllegalArgumentException that shows the place, if that is not JSON
     */
    public static Json read(String text) {
        return new Json(new Reader(text).only());
    }

    /**
     * The member of an object.
     *
     * @throws IllegalArgumentException that shows this value, if it has no such member
     */
    public Json get(String name) {
        if (value instanceof Map<?, ?> members && members.containsKey(name)) {
            return new Json(members.get(name));
        }
        throw new IllegalArgumentException("no member \"" + name + "\" in " + value);
    }

    /** The elements of an array. */
    public List<Json> elements() {
        if (value instanceof List<?> list) {
            return list.stream().map(Json::new).toList();
        }
        throw new IllegalArgumentException("not an array: " + value);
    }

    public long asLong() {
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("not a number: " + value);
    }

    /** A string as it is; other values as Java would print them. */
    @Override
    public String toString() {
        return String.valueOf(value);
    }

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        @Nullable Object only() {
            Object value = value();
            if (peek() != 0) {
                throw wrong();
            }
            return value;
        }

        private @Nullable Object value() {
            return switch (peek()) {
                case '{' -> object();
                case '[' -> array();
                case '"' -> string();
                default -> word();
            };
        }

        private Map<String, @Nullable Object> object() {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            expect('{');
            while (peek() != '}') {
                String name = string();
                expect(':');
                members.put(name, value());
                separatorOr('}');
            }
            expect('}');
            return members;
        }

        private List<@Nullable Object> array() {
            List<@Nullable Object> elements = new ArrayList<>();
            expect('[');
            while (peek() != ']') {
                elements.add(value());
                separatorOr(']');
            }
            expect(']');
            return elements;
        }

        private String string() {
            expect('"');
            StringBuilder string = new StringBuilder();
            for (char c = take(); c != '"'; c = take()) {
                string.append(c == '\\' ? escaped(take()) : c);
            }
            return string.toString();
        }

        private char escaped(char c) {
            return switch (c) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'u' -> (char) Integer.parseInt(take() + "" + take() + take() + take(), 16);
                default -> c;
            };
        }

        private @Nullable Object word() {
            int start = at;
            while (at < text.length()
                    && (Character.isLetterOrDigit(text.charAt(at)) || "-+.".indexOf(text.charAt(at)) >= 0)) {
                at++;
            }
            String word = text.substring(start, at);
            return switch (word) {
                case "null" -> null;
                case "true", "false" -> Boolean.valueOf(word);
                default -> number(word);
            };
        }

        private Number number(String word) {
            try {
                if (word.matches("-?\\d+")) {
                    return Long.valueOf(word);
                }
                return Double.valueOf(word);
            } catch (NumberFormatException e) {
                throw wrong();
            }
        }

        private void separatorOr(char end) {
            if (peek() != end) {
                expect(',');
            }
        }

        private void expect(char c) {
            if (peek() != c) {
                throw wrong();
            }
            at++;
        }

        /** The next character that is not white space, without taking it; 0 at the end. */
        private char peek() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return at < text.length() ? text.charAt(at) : 0;
        }

        private char take() {
            if (at >= text.length()) {
                throw wrong();
            }
            return text.charAt(at++);
        }

        private IllegalArgumentException wrong() {
            return new IllegalArgumentException("not JSON at character " + at + ": " + text);
        }
    }
}
