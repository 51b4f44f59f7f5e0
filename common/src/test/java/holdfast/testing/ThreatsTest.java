package holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each test that docs/threats.md names as a proof is there. */
final class ThreatsTest {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();

    /** {@code FooTest}, {@code FooTest.bar}, {@code FooTest.beginningOf…}, and {@code …bar} for one more of the class before. */
    private static final Pattern NAMED = Pattern.compile("`(?:([A-Z]\\w*Test)(?:\\.(\\w+)(…)?)?|…(\\w+))`");

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Map<String, List<String>> classes = sources();
        List<String> missing = new ArrayList<>();
        String last = "";
        int named = 0;
        Matcher each = NAMED.matcher(Files.readString(TOP.resolve("docs/threats.md")));
        while (each.find()) {
            named++;
            last = each.group(1) == null ? last : each.group(1);
            String method = each.group(1) == null ? each.group(4) : each.group(2);
            Pattern declared = method == null
                    ? Pattern.compile("\\bclass " + last + "\\b")
                    : Pattern.compile("\\bvoid " + method + (each.group(3) == null ? "" : "\\w*") + "\\(");
            if (classes.getOrDefault(last, List.of()).stream()
                    .noneMatch(source -> declared.matcher(source).find())) {
                missing.add(last + " " + each.group());
            }
        }

        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(100);
    }

    /** By the class's simple name, which two modules may use. */
    private static Map<String, List<String>> sources() throws IOException {
        List<Path> tests = new ArrayList<>();
        for (String module : List.of("common", "proxy-client", "proxy-server", "itest")) {
            try (Stream<Path> files = Files.walk(TOP.resolve(module).resolve("src/test/java"))) {
                files.filter(file -> file.toString().endsWith("Test.java")).forEach(tests::add);
            }
        }
        return tests.stream()
                .collect(Collectors.groupingBy(
                        file -> file.getFileName().toString().replace(".java", ""),
                        Collectors.mapping(ThreatsTest::read, Collectors.toList())));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
