package holdfast.console;

import holdfast.identity.PrivateFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A settings file (TOML), read by asking for each setting once. What nobody asked for is refused by {@link #done}: a misspelt key must not
 * silently mean the default. Every fault is a {@link FatalException} 78 that starts with {@code file:line:column:}.
 */
public final class Settings {
    private static final int FILE_LIMIT = 1 << 20;

    private final String file;
    private final String heading;
    private final TomlValue.Table table;
    private final Set<String> asked = new LinkedHashSet<>();
    private final List<Settings> inner = new ArrayList<>();

    private Settings(String file, String heading, TomlValue.Table table) {
        this.file = file;
        this.heading = heading;
        this.table = table;
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
        return new Settings(file, "", TomlParser.parse(file, text));
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
        TomlValue value = ask(key);
        if (value == null) {
            return List.of();
        }
        if (!(value.value() instanceof TomlValue.Items items)) {
            throw fault(value, "'" + key + "' is a list of texts, [\"...\"], not " + value.type());
        }
        return items.list().stream().map(item -> parsed(key, item, parser)).toList();
    }

    /** A whole number within bounds, or the default if it is not set. */
    public int number(String key, int otherwise, int least, int most) {
        TomlValue value = ask(key);
        if (value == null) {
            return otherwise;
        }
        if (!(value.value() instanceof Long number)) {
            throw fault(value, "'" + key + "' is a whole number, not " + value.type());
        }
        if (number < least || number > most) {
            throw fault(value, "'" + key + "' is from " + least + " to " + most + ", not " + number);
        }
        return number.intValue();
    }

    /** The table under a heading; an empty one if it is not there. */
    public Settings table(String key) {
        TomlValue value = ask(key);
        if (value != null && !(value.value() instanceof TomlValue.Table)) {
            throw fault(value, "'" + key + "' is a table [" + heading + key + "], not " + value.type());
        }
        TomlValue.Table found =
                value != null && value.value() instanceof TomlValue.Table there ? there : new TomlValue.Table();
        Settings settings = new Settings(file, heading + key + ".", found);
        inner.add(settings);
        return settings;
    }

    /** The names in this table, for tables whose names are data; each is checked by a function that throws {@link IllegalArgumentException}. */
    public List<String> names(Function<String, String> check) {
        table.entries()
                .forEach((name, value) -> parsed(name, new TomlValue(name, value.line(), value.column()), check));
        return List.copyOf(table.entries().keySet());
    }

    /** Refuses every key that was not asked for, and tells the known one it resembles most. */
    public void done() {
        table.entries().forEach((name, value) -> {
            if (!asked.contains(name)) {
                String near = Nearest.of(name, asked);
                throw fault(
                        value,
                        "there is no setting '" + heading + name + "'"
                                + (near == null
                                        ? "; known are " + String.join(", ", asked)
                                        : "; did you mean '" + heading + near + "'?"));
            }
        });
        inner.forEach(Settings::done);
    }

    private @Nullable TomlValue ask(String key) {
        asked.add(key);
        return table.entries().get(key);
    }

    private <T> T parsed(String key, TomlValue value, Function<String, T> parser) {
        if (!(value.value() instanceof String text)) {
            throw fault(value, "'" + key + "' is text in quotes, not " + value.type());
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw fault(value, "'" + key + "': " + e.getMessage());
        }
    }

    private FatalException fault(TomlValue value, String message) {
        return new FatalException(ExitCode.CONFIG, file + ":" + value.line() + ":" + value.column() + ": " + message);
    }
}
