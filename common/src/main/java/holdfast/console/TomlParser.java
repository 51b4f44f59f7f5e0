package holdfast.console;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the part of TOML 1.0 that a settings file needs: tables, text in one line, whole numbers, booleans and lists. What it accepts means
 * the same to every TOML reader; the rest (dotted keys, inline tables, lists of tables, dates, fractions, text over several lines) is refused
 * with the place. A general reader would take longer than the rest of a program's start.
 */
final class TomlParser {
    private static final int MAX_DEPTH = 8;

    private final TomlScanner in;
    private final TomlValue.Table root = new TomlValue.Table();
    private final Set<List<String>> headers = new HashSet<>();
    /** Where settings go. Behind a heading that is wrong they go nowhere. */
    private TomlValue.Table current = root;

    private TomlParser(TomlScanner in) {
        this.in = in;
    }

    /**
     * The file's table.
     *
     * @param file its name, for messages
     * @throws FatalException 78 with file, line and column
     */
    static TomlValue.Table parse(String file, String text) {
        return new TomlParser(new TomlScanner(file, text)).document();
    }

    /**
     * As {@link #parse}, but goes on behind what is wrong, in the next line that looks like a setting or a heading.
     *
     * @param faults where the faults go
     */
    static TomlValue.Table parseAll(String file, String text, List<FatalException> faults) {
        TomlParser parser = new TomlParser(new TomlScanner(file, text));
        while (true) {
            try {
                return parser.document();
            } catch (FatalException e) {
                faults.add(e);
                parser.in.skipToNextStatement();
            }
        }
    }

    private TomlValue.Table document() {
        in.skipBlankLines();
        while (!in.atEnd()) {
            if (in.peek() == '[') {
                current = new TomlValue.Table();
                current = header();
            } else {
                pair(current);
            }
            in.endLine();
            in.skipBlankLines();
        }
        return root;
    }

    /** {@code [users.alice]}: makes the table, and those above it. */
    private TomlValue.Table header() {
        int line = in.line();
        int column = in.column();
        in.next();
        if (in.peek() == '[') {
            throw in.fault("a list of tables has no meaning here");
        }
        TomlValue.Table table = root;
        List<String> path = new ArrayList<>();
        do {
            in.skipBlanks();
            String name = in.key();
            path.add(name);
            in.skipBlanks();
            TomlValue known = table.entries().get(name);
            if (known == null) {
                known = new TomlValue(new TomlValue.Table(), line, column);
                table.entries().put(name, known);
            }
            if (!(known.value() instanceof TomlValue.Table inner)) {
                throw in.faultAt(line, column, "'" + name + "' is " + known.type() + " in line " + known.line());
            }
            table = inner;
        } while (in.skipIf('.'));
        in.expect(']');
        if (!headers.add(path)) {
            throw in.faultAt(line, column, "the table [" + String.join(".", path) + "] is there twice");
        }
        return table;
    }

    private void pair(TomlValue.Table table) {
        int line = in.line();
        int column = in.column();
        String name = in.key();
        in.skipBlanks();
        if (in.peek() == '.') {
            throw in.fault("write this under a heading [" + name + "]");
        }
        in.expect('=');
        in.skipBlanks();
        TomlValue value = value(0);
        TomlValue known = table.entries().putIfAbsent(name, new TomlValue(value.value(), line, column));
        if (known != null) {
            throw in.faultAt(line, column, "'" + name + "' is already set in line " + known.line());
        }
    }

    private TomlValue value(int depth) {
        int line = in.line();
        int column = in.column();
        Object value = switch (in.peek()) {
            case '"', '\'' -> in.text();
            case '[' -> items(depth);
            case '{' -> throw in.fault("write the table under a heading of its own");
            default -> in.word();
        };
        return new TomlValue(value, line, column);
    }

    private TomlValue.Items items(int depth) {
        if (depth == MAX_DEPTH) {
            throw in.fault("too many lists in lists");
        }
        List<TomlValue> list = new ArrayList<>();
        in.next();
        in.skipBlankLines();
        while (in.peek() != ']') {
            list.add(value(depth + 1));
            in.skipBlankLines();
            if (!in.skipIf(',') && in.peek() != ']') {
                throw in.fault("',' or ']' is expected in a list");
            }
            in.skipBlankLines();
        }
        in.next();
        return new TomlValue.Items(list);
    }
}
