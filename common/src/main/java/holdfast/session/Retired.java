package holdfast.session;

import holdfast.frame.PathCount;
import holdfast.path.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Paths that are dead here: how much had arrived on each, which the peer has to learn, and the logs of those whose fate the peer has yet to tell.
 */
final class Retired {
    /** Further back the peer has learned of them, or has lost more than a list can mend. */
    private static final int MAX_REMEMBERED = 64;

    private final TreeMap<Long, Long> counts = new TreeMap<>();
    private final Map<Long, Path<Sent>> waiting = new TreeMap<>();

    /** The path is dead; whether its log waits for the peer's count is {@code withLog}. */
    void add(Path<Sent> path, boolean withLog) {
        counts.put(path.id(), path.received());
        if (counts.size() > MAX_REMEMBERED && !counts.values().remove(0L)) {
            counts.pollFirstEntry();
        }
        if (withLog && !path.log().isEmpty()) {
            waiting.put(path.id(), path);
        }
    }

    List<PathCount> counts() {
        List<PathCount> list = new ArrayList<>(counts.size());
        counts.forEach((path, received) -> list.add(new PathCount(path, received)));
        return list;
    }

    /** Dead paths whose logs wait. */
    List<Path<Sent>> waiting() {
        return List.copyOf(waiting.values());
    }

    /** The log of this path was dealt with. */
    void settled(Path<Sent> path) {
        waiting.remove(path.id());
    }

    @Nullable Path<Sent> waiting(long path) {
        return waiting.get(path);
    }
}
