package holdfast.console;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where a program keeps its files unless {@code --home} says otherwise: the place the platform has for it. */
public final class HomeFolder {
    private HomeFolder() {}

    /**
     * The default home.
     *
     * @param program {@code client} or {@code gateway}
     */
    public static Path defaultFor(String program) {
        return defaultFor(
                program, System.getProperty("os.name", ""), System.getenv(), System.getProperty("user.home", "."));
    }

    static Path defaultFor(String program, String os, Map<String, String> environment, String userHome) {
        String system = os.toLowerCase(Locale.ROOT);
        Path base;
        if (system.startsWith("windows")) {
            String roaming = environment.getOrDefault("APPDATA", "");
            base = roaming.isEmpty() ? Path.of(userHome, "AppData", "Roaming") : Path.of(roaming);
        } else if (system.startsWith("mac")) {
            base = Path.of(userHome, "Library", "Application Support");
        } else {
            // The XDG base directory rules: a relative path there is to be ignored.
            String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
            base = config.startsWith("/") ? Path.of(config) : Path.of(userHome, ".config");
        }
        return base.resolve("holdfast").resolve(program);
    }
}
