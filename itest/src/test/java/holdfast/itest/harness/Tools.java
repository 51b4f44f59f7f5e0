package holdfast.itest.harness;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Real programs of this machine that a test needs; {@code scripts/install-test-tools} brings them. */
public final class Tools {
    private static final List<String> BEYOND_PATH = List.of("/usr/sbin", "/sbin", "/usr/local/sbin");

    private Tools() {}

    /**
     * The path of a program. Where it is missing, the test ends here: as a failure in CI (environment variable {@code CI=true}), elsewhere as skipped with
     * the reason.
     */
    public static String require(String program) {
        Optional<Path> found = find(program);
        if (found.isEmpty()) {
            giveUp(program + " is not installed; scripts/install-test-tools brings it");
        }
        return found.orElseThrow().toString();
    }

    /** As {@link #require}, for what only root may make. */
    public static void requireRoot(String what) {
        if (!System.getProperty("user.name").equals("root")) {
            giveUp("only root can make " + what);
        }
    }

    private static void giveUp(String reason) {
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError(reason);
        }
        Assumptions.abort(reason);
    }

    private static Optional<Path> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), BEYOND_PATH.stream())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
