package holdfast.server.audit;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the audit goes.
 *
 * @param file empty for none at all
 * @param refuseWhenFull whether nothing new is served while lines cannot be written; otherwise they are lost, and counted
 * @param maxSize bytes after which a new file is begun
 * @param keep how many old files stay
 */
public record AuditSettings(Optional<Path> file, boolean refuseWhenFull, long maxSize, int keep) {
    public static final long DEFAULT_SIZE = 100_000_000;
    public static final int DEFAULT_KEEP = 10;
}
