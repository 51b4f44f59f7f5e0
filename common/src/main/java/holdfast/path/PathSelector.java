package holdfast.path;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which path suits what (PROTOCOL.md section 7): a pure function of what the paths know of themselves.
 *
 * @param <T> what an entry of a replay log stands for
 */
public final class PathSelector<T> {
    private final Collection<Path<T>> paths;

    /** @param paths all paths of a session, looked at anew at every call */
    public PathSelector(Collection<Path<T>> paths) {
        this.paths = paths;
    }

    /** The paths that may carry anything now: those that are up with the best standing there is. */
    public List<Path<T>> usable() {
        List<Path<T>> best = new ArrayList<>(paths.size());
        int standing = Integer.MAX_VALUE;
        for (Path<T> each : paths) {
            if (!each.isUp() || each.standing().code() > standing) {
                continue;
            }
            if (each.standing().code() < standing) {
                standing = each.standing().code();
                best.clear();
            }
            best.add(each);
        }
        return best;
    }

    /** The usable path on which this many bytes, put there now, arrive first; null where none is usable. */
    public @Nullable Path<T> fastest(long bytes) {
        Path<T> found = null;
        for (Path<T> each : usable()) {
            if (found == null || each.arrivalTime(bytes) < found.arrivalTime(bytes)) {
                found = each;
            }
        }
        return found;
    }
}
