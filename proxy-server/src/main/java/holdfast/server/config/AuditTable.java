package holdfast.server.config;

import holdfast.console.ByteAmount;
import holdfast.console.Settings;
import holdfast.server.audit.AuditSettings;
import java.nio.file.Path;
import java.util.Optional;

/** {@code [audit]} in {@code gateway.toml}. */
final class AuditTable {
    private static final String NONE = "none";
    private static final String USUAL = "audit.log";
    private static final int MAX_KEEP = 1000;

    private AuditTable() {}

    /** @param home where the file is unless something else is said, and what its name is relative to */
    static AuditSettings read(Settings settings, Path home) {
        Optional<Path> file = settings.text("file", text -> place(text, home));
        Boolean refuse = settings.text("on-full", AuditTable::refusing);
        Long size = settings.text("max-size", ByteAmount::parse);
        return new AuditSettings(
                file == null ? Optional.of(home.resolve(USUAL)) : file,
                refuse != null && refuse,
                size == null ? AuditSettings.DEFAULT_SIZE : size,
                settings.number("keep", AuditSettings.DEFAULT_KEEP, 0, MAX_KEEP));
    }

    /** Throws {@link IllegalArgumentException} for what is no path. */
    private static Optional<Path> place(String text, Path home) {
        return NONE.equals(text) ? Optional.empty() : Optional.of(home.resolve(text));
    }

    private static Boolean refusing(String text) {
        return switch (text) {
            case "continue" -> false;
            case "refuse" -> true;
            default -> throw new IllegalArgumentException("'" + text + "' is neither continue nor refuse");
        };
    }
}
