package holdfast.console;

/**
 * Writes text that comes from anywhere in double quotes, in the escapes of JSON (RFC 8259 section 7).
 *
 * <p>More is escaped than JSON asks for: whatever could end a line, move a terminal's cursor or turn the reading direction. So a host name or a
 * user agent can neither forge a log line nor play with the terminal that shows it.
 */
final class Escape {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Escape() {}

    /**
     * Appends the text in quotes.
     *
     * @param limit the most characters of it to write; what is cut off is counted behind it
     */
    static void quote(StringBuilder out, CharSequence text, int limit) {
        out.append('"');
        int end = Math.min(text.length(), limit);
        if (end < text.length() && end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.append(c).append(text.charAt(++i));
            } else {
                append(out, c);
            }
        }
        if (end < text.length()) {
            out.append("...(+").append(text.length() - end).append(')');
        }
        out.append('"');
    }

    private static void append(StringBuilder out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (isHarmless(c)) {
                    out.append(c);
                } else {
                    out.append("\\u")
                            .append(HEX[c >> 12])
                            .append(HEX[c >> 8 & 15])
                            .append(HEX[c >> 4 & 15])
                            .append(HEX[c & 15]);
                }
            }
        }
    }

    private static boolean isHarmless(char c) {
        if (c < 0x7f) {
            return c >= 0x20;
        }
        // C1 controls, line and paragraph separators, bidirectional controls, lone surrogates, and everything else
        // without a shape.
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
