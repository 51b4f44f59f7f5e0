package holdfast.session;

import holdfast.frame.PathCount;
import holdfast.path.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
        while (counts.size() > MAX_REMEMBERED) {
            counts.pollFirstEntry();
        }
        if (withLog) {
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

    void settled() {
        waiting.clear();
    }
}
