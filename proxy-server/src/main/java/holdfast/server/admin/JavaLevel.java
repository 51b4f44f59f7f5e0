package holdfast.server.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the Java that runs this has holes in its TLS or certificates that are known and mended in a later one. */
public final class JavaLevel {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.gateway");

    /** By feature release, the first update without the holes of July 2025 (CVE-2025-30754 in JSSE) and before. */
    private static final Map<Integer, Integer> MENDED = Map.of(17, 16, 21, 8, 24, 2);

    private static final int FIRST_WITHOUT = 25;

    private JavaLevel() {}

    /** Says so in the log if there are. */
    public static void warn() {
        Runtime.Version version = Runtime.version();
        String better = better(version.feature(), version.update());
        if (better != null) {
            LOG.atWarn()
                    .addKeyValue("java", version)
                    .addKeyValue("mended_in", better)
                    .addKeyValue("hint", "its TLS has known holes: install a newer Java")
                    .log("java.outdated");
        }
    }

    /** The release to change to, or null where nothing is known against this one. */
    static @Nullable String better(int feature, int update) {
        if (feature >= FIRST_WITHOUT) {
            return null;
        }
        Integer mended = MENDED.get(feature);
        if (mended == null) {
            return "a release that is still maintained, for example 25";
        }
        return update >= mended ? null : feature + ".0." + mended;
    }
}
