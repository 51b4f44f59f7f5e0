package holdfast.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of a TOML file and where it stands.
 *
 * @param value a {@link String}, {@link Long}, {@link Boolean}, {@link Items} or {@link Table}
 * @param line from 1
 * @param column from 1
 */
record TomlValue(Object value, int line, int column) {
    /** What people call the value's type. */
    String type() {
        if (value instanceof String) {
            return "text";
        }
        if (value instanceof Long) {
            return "a number";
        }
        if (value instanceof Boolean) {
            return "true or false";
        }
        return value instanceof Items ? "a list" : "a table";
    }

    /** An array. */
    record Items(List<TomlValue> list) {}

    /** A table; entries keep their order. */
    record Table(Map<String, TomlValue> entries) {
        Table() {
            this(new LinkedHashMap<>());
        }
    }
}
