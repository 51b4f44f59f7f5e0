package holdfast.console;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The characters of a TOML file, their places, and what is made of characters only: keys, text, numbers, blanks. */
final class TomlScanner {
    /** What {@link #peek} gives at the end. */
    static final int END = -1;

    private static final Pattern STATEMENT =
            Pattern.compile("\\n(?=[ \\t]*(\\[[ \\t]*[A-Za-z0-9_-]|[A-Za-z0-9_-]+[ \\t]*=))");
    private static final Pattern NUMBER = Pattern.compile("[+-]?(0|[1-9](_?[0-9])*)");

    private final String file;
    private final String text;
    private int at;
    private int line = 1;
    private int lineStart;

    TomlScanner(String file, String text) {
        this.file = file;
        this.text = text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    int line() {
        return line;
    }

    int column() {
        return at - lineStart + 1;
    }

    boolean atEnd() {
        return at == text.length();
    }

    /** The next character, not taken. */
    int peek() {
        return atEnd() ? END : text.charAt(at);
    }

    /** Takes the next character, which there has to be. */
    char next() {
        if (atEnd()) {
            throw fault("the file ends too early");
        }
        char c = text.charAt(at++);
        if (c == '\n') {
            line++;
            lineStart = at;
        }
        return c;
    }

    boolean skipIf(char expected) {
        boolean found = peek() == expected;
        if (found) {
            next();
        }
        return found;
    }

    void expect(char expected) {
        if (!skipIf(expected)) {
            throw fault("'" + expected + "' is expected");
        }
    }

    void skipBlanks() {
        while (peek() == ' ' || peek() == '\t') {
            at++;
        }
    }

    /** Goes to the next line that begins like a heading or a setting, or to the end. */
    void skipToNextStatement() {
        Matcher next = STATEMENT.matcher(text);
        int end = next.find(at) ? next.end() : text.length();
        while (at < end) {
            next();
        }
    }

    /** Skips blanks, comments and line ends. */
    void skipBlankLines() {
        while (true) {
            skipBlanks();
            if (peek() == '#') {
                comment();
            } else if (!lineEnd()) {
                return;
            }
        }
    }

    /** Nothing but a comment may follow in this line. */
    void endLine() {
        skipBlanks();
        if (peek() == '#') {
            comment();
        }
        if (!atEnd() && !lineEnd()) {
            throw fault("the line has to end here");
        }
    }

    /** A name, in quotes or of letters, digits, {@code _} and {@code -}. */
    String key() {
        if (peek() == '"' || peek() == '\'') {
            return text();
        }
        int start = at;
        while (isBare(peek())) {
            at++;
        }
        if (start == at) {
            throw fault("a name is expected");
        }
        return text.substring(start, at);
    }

    /** Text in quotes. */
    String text() {
        char quote = next();
        if (text.startsWith("" + quote + quote, at)) {
            throw fault("text over several lines is not understood here");
        }
        StringBuilder out = new StringBuilder();
        while (peek() != quote) {
            if (atEnd() || peek() == '\n' || peek() == '\r') {
                throw fault("the text has no closing " + quote);
            }
            requireVisible();
            char c = next();
            if (c == '\\' && quote == '"') {
                out.appendCodePoint(escape());
            } else {
                out.append(c);
            }
        }
        next();
        return out.toString();
    }

    /** A whole number or a boolean. */
    Object word() {
        int start = at;
        int column = column();
        while (isBare(peek()) || peek() == '+' || peek() == '.' || peek() == ':') {
            at++;
        }
        String word = text.substring(start, at);
        if (word.equals("true") || word.equals("false")) {
            return word.equals("true");
        }
        if (NUMBER.matcher(word).matches()) {
            try {
                return Long.parseLong(word.replace("_", ""));
            } catch (NumberFormatException e) {
                throw faultAt(line, column, "the number " + word + " is too large", e);
            }
        }
        if (word.isEmpty()) {
            throw fault("a value is expected");
        }
        throw faultAt(line, column, "'" + word + "' is not a whole number, true or false; text stands in quotes");
    }

    FatalException fault(String message) {
        return faultAt(line, column(), message);
    }

    FatalException faultAt(int line, int column, String message) {
        return faultAt(line, column, message, null);
    }

    private FatalException faultAt(int line, int column, String message, @Nullable Throwable cause) {
        return new FatalException(ExitCode.CONFIG, file + ":" + line + ":" + column + ": " + message, cause);
    }

    private int escape() {
        char c = next();
        return switch (c) {
            case 'b' -> '\b';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'r' -> '\r';
            case '"', '\\' -> c;
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            default -> throw fault("there is no escape \\" + c);
        };
    }

    private int hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = peek() < 0x80 ? Character.digit(peek(), 16) : -1;
            if (digit < 0 || value > 0x10ffff) {
                throw fault(digits + " hexadecimal digits of a character are expected");
            }
            value = value << 4 | digit;
            at++;
        }
        if (value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
            throw fault("there is no such character");
        }
        return value;
    }

    private void comment() {
        while (!atEnd() && peek() != '\n' && !text.startsWith("\r\n", at)) {
            requireVisible();
            at++;
        }
    }

    private boolean lineEnd() {
        if (text.startsWith("\r\n", at)) {
            at++;
        }
        return skipIf('\n');
    }

    private void requireVisible() {
        int c = peek();
        if ((c < ' ' && c != '\t') || c == 0x7f) {
            throw fault("a control character");
        }
    }

    private static boolean isBare(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }
}
