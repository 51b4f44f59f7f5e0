package holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** The parser against a complete one: what ours accepts has to mean the same there. */
final class TomlParserTest {
    private static final String[] PIECES = {
        "\n",
        "\r\n",
        " ",
        "\t",
        "a",
        "b",
        "key-1",
        "_",
        "\"q k\"",
        "'lit'",
        "=",
        " = ",
        "[",
        "]",
        ".",
        ",",
        "#",
        "# c\n",
        "1",
        "0",
        "-7",
        "+1_000",
        "01",
        "1__0",
        "true",
        "false",
        "\"x\"",
        "\"\\n\\u00e9\\U0001F600\"",
        "'\\x'",
        "\"\"",
        "''",
        "[a]\n",
        "[a.b]\n",
        "[b]\n",
        "a = 1\n",
        "b = \"x\"\n",
        "c = [1, 2]\n",
        "d = [\"x\",\n # c\n 'y',]\n",
        "1.5",
        "{",
        "}",
        "\"\"\"",
        "'''",
        "[[",
        "]]",
        "é",
        "\u0001"
    };

    @Test
    void everyDocumentItAcceptsMeansTheSameToAnotherReader() {
        Random random = new Random(20261121);
        int accepted = 0;
        for (int run = 0; run < 20_000; run++) {
            String text = document(random);
            Map<String, Object> mine = parsed(text);
            if (mine != null) {
                accepted++;
                TomlParseResult theirs = Toml.parse(text);
                assertThat(theirs.errors()).as("%s", text).isEmpty();
                assertThat(mine).as("%s", text).isEqualTo(plain(theirs));
            }
        }
        assertThat(accepted).isGreaterThan(1000);
    }

    private static String document(Random random) {
        StringBuilder text = new StringBuilder();
        int lines = random.nextInt(6);
        for (int i = 0; i < lines; i++) {
            // Whole lines make documents that are accepted; loose pieces make the edges.
            if (random.nextInt(3) > 0) {
                text.append(PIECES[31 + random.nextInt(7)]);
            } else {
                for (int j = random.nextInt(6); j > 0; j--) {
                    text.append(PIECES[random.nextInt(PIECES.length)]);
                }
            }
        }
        return text.toString();
    }

    private static @Nullable Map<String, Object> parsed(String text) {
        try {
            return plain(TomlParser.parse("x", text));
        } catch (FatalException e) {
            assertThat(e.getMessage()).matches("(?s)x:[0-9]+:[0-9]+: .+");
            return null;
        }
    }

    private static Map<String, Object> plain(TomlValue.Table table) {
        Map<String, Object> plain = new LinkedHashMap<>();
        table.entries().forEach((name, value) -> plain.put(name, plain(value)));
        return plain;
    }

    private static Object plain(TomlValue value) {
        if (value.value() instanceof TomlValue.Table table) {
            return plain(table);
        }
        if (value.value() instanceof TomlValue.Items items) {
            return items.list().stream().map(TomlParserTest::plain).toList();
        }
        return value.value();
    }

    private static Map<String, Object> plain(TomlTable table) {
        Map<String, Object> plain = new LinkedHashMap<>();
        for (Map.Entry<String, Object> each : table.entrySet()) {
            plain.put(each.getKey(), plainTheirs(each.getValue()));
        }
        return plain;
    }

    private static Object plainTheirs(Object value) {
        if (value instanceof TomlTable table) {
            return plain(table);
        }
        if (value instanceof TomlArray array) {
            List<Object> plain = new ArrayList<>();
            for (Object each : array.toList()) {
                plain.add(plainTheirs(each));
            }
            return plain;
        }
        return value;
    }
}
