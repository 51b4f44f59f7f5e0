package holdfast.console;

import holdfast.identity.PrivateFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A settings file (TOML), read by asking for each setting once. What nobody asked for is refused by {@link #done}: a misspelt key must not
 * silently mean the default. Every fault is a {@link FatalException} 78 that starts with {@code file:line:column:}; who has asked for it
 * ({@link #readAll}) gets all of them instead of the first, and until then defaults for what is wrong.
 */
public final class Settings {
    private static final int FILE_LIMIT = 1 << 20;

    private final String file;
    private final String heading;
    private final TomlValue.Table table;
    private final Set<String> asked = new LinkedHashSet<>();
    private final List<Settings> inner = new ArrayList<>();
    private final @Nullable List<FatalException> faults;

    private Settings(String file, String heading, TomlValue.Table table, @Nullable List<FatalException> faults) {
        this.file = file;
        this.heading = heading;
        this.table = table;
        this.faults = faults;
    }

    /**
     * Reads a file that nobody else may write.
     *
     * @throws NoSuchFileException if there is none
     * @throws FatalException 78 if it is not TOML as it is understood here
     */
    public static Settings read(Path file) throws IOException {
        return parse(file.toString(), PrivateFiles.readTrusted(file, FILE_LIMIT));
    }

    /** As {@link #read}, of a text. */
    public static Settings parse(String file, String text) {
        return new Settings(file, "", TomlParser.parse(file, text), null);
    }

    /**
     * Reads a file to its end, whatever is wrong in it.
     *
     * @param faults where the faults go, in the order in which they are found
     * @throws NoSuchFileException if there is none
     */
    public static Settings readAll(Path file, List<FatalException> faults) throws IOException {
        return parseAll(file.toString(), PrivateFiles.readTrusted(file, FILE_LIMIT), faults);
    }

    /** As {@link #readAll}, of a text. */
    public static Settings parseAll(String file, String text, List<FatalException> faults) {
        return new Settings(file, "", TomlParser.parseAll(file, text, faults), faults);
    }

    /** Text, turned into a value by a function whose {@link IllegalArgumentException} becomes the fault at that place; null if it is not set. */
    public <T> @Nullable T text(String key, Function<String, T> parser) {
        TomlValue value = ask(key);
        return value == null ? null : parsed(key, value, parser);
    }

    /** As {@link #text}, but it has to be set. */
    public <T> T requiredText(String key, Function<String, T> parser) {
        T value = text(key, parser);
        if (value == null) {
            throw new FatalException(ExitCode.CONFIG, file + ": '" + key + "' is missing");
        }
        return value;
    }

    /** A list of texts, each turned into a value; empty if it is not set. */
    public <T> List<T> list(String key, Function<String, T> parser) {
        return placed(key, (text, place) -> parser.apply(text));
    }

    /** As {@link #list}, with a function that is also told where the text stands, {@code file:line:column}. */
    public <T> List<T> placed(String key, BiFunction<String, String, T> parser) {
        TomlValue value = ask(key);
        if (value == null) {
            return List.of();
        }
        if (!(value.value() instanceof TomlValue.Items items)) {
            report(fault(value, "'" + key + "' is a list of texts, [\"...\"], not " + value.type()));
            return List.of();
        }
        List<T> list = new ArrayList<>();
        for (TomlValue item : items.list()) {
            T parsed = parsed(key, item, text -> parser.apply(text, place(item)));
            if (parsed != null) {
                list.add(parsed);
            }
        }
        return List.copyOf(list);
    }

    /** A whole number within bounds, or the default if it is not set. */
    public int number(String key, int otherwise, int least, int most) {
        TomlValue value = ask(key);
        if (value == null) {
            return otherwise;
        }
        if (!(value.value() instanceof Long number)) {
            report(fault(value, "'" + key + "' is a whole number, not " + value.type()));
            return otherwise;
        }
        if (number < least || number > most) {
            report(fault(value, "'" + key + "' is from " + least + " to " + most + ", not " + number));
            return otherwise;
        }
        return number.intValue();
    }

    /** The table under a heading; an empty one if it is not there. */
    public Settings table(String key) {
        TomlValue value = ask(key);
        if (value != null && !(value.value() instanceof TomlValue.Table)) {
            report(fault(value, "'" + key + "' is a table [" + heading + key + "], not " + value.type()));
        }
        TomlValue.Table found =
                value != null && value.value() instanceof TomlValue.Table there ? there : new TomlValue.Table();
        Settings settings = new Settings(file, heading + key + ".", found, faults);
        inner.add(settings);
        return settings;
    }

    /** The names in this table, for tables whose names are data; each is checked by a function that throws {@link IllegalArgumentException}. */
    public List<String> names(Function<String, String> check) {
        table.entries()
                .forEach((name, value) -> parsed(name, new TomlValue(name, value.line(), value.column()), check));
        return List.copyOf(table.entries().keySet());
    }

    /** Says that what is set there contradicts something else, if it is set. */
    public void refuse(String key, String message) {
        TomlValue value = table.entries().get(key);
        if (value != null) {
            report(fault(value, message));
        }
    }

    /** Refuses every key that was not asked for, and tells the known one it resembles most. */
    public void done() {
        table.entries().forEach((name, value) -> {
            if (!asked.contains(name)) {
                String near = Nearest.of(name, asked);
                report(fault(
                        value,
                        "there is no setting '" + heading + name + "'"
                                + (near == null
                                        ? "; known are " + String.join(", ", asked)
                                        : "; did you mean '" + heading + near + "'?")));
            }
        });
        inner.forEach(Settings::done);
    }

    private @Nullable TomlValue ask(String key) {
        asked.add(key);
        return table.entries().get(key);
    }

    /** Null only where faults are collected. */
    private <T> @Nullable T parsed(String key, TomlValue value, Function<String, T> parser) {
        if (!(value.value() instanceof String text)) {
            report(fault(value, "'" + key + "' is text in quotes, not " + value.type()));
            return null;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            report(fault(value, "'" + key + "': " + e.getMessage()));
            return null;
        }
    }

    private void report(FatalException fault) {
        if (faults == null) {
            throw fault;
        }
        faults.add(fault);
    }

    private FatalException fault(TomlValue value, String message) {
        return new FatalException(ExitCode.CONFIG, place(value) + ": " + message);
    }

    private String place(TomlValue value) {
        return file + ":" + value.line() + ":" + value.column();
    }
}
