package holdfast.console;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --home}, which every command has; a picocli mixin. */
public final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description =
                    "The folder that keeps key, settings and state. Default: holdfast in the platform's config folder.")
    private @Nullable Path home;

    /** For picocli. */
    public HomeOption() {}

    /**
     * The folder, absolute.
     *
     * @param program as {@link HomeFolder#defaultFor} takes it
     */
    public Path folder(String program) {
        Path folder = home == null ? HomeFolder.defaultFor(program) : home;
        return folder.toAbsolutePath().normalize();
    }
}
