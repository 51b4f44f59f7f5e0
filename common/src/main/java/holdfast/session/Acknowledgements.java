package holdfast.session;

import holdfast.frame.PathAck;
import holdfast.path.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When to tell the peer what arrived on which path (PROTOCOL.md section 4). Times in nanoseconds. */
final class Acknowledgements {
    /** How long an arrival waits at most. */
    static final long DELAY = 10_000_000;

    /** After this long an acknowledgement rides along with a flight that leaves anyway. */
    private static final long RIDE_ALONG_AFTER = 2_000_000;

    /** So many bytes wait for {@link #MANY_DELAY} only. A sender that keeps its queue short goes by what it hears, and goes on by it. */
    private static final long MANY_BYTES = 16 * 1024;

    private static final long MANY_DELAY = 2_000_000;

    /** So many are acknowledged at once. */
    private static final long MOST_BYTES = 1024 * 1024;

    private final Collection<Path<Sent>> paths;

    Acknowledgements(Collection<Path<Sent>> paths) {
        this.paths = paths;
    }

    /** What is due, for the path that asks and for those that cannot speak for themselves; null where nothing is. */
    @Nullable PathAck due(Path<Sent> asking, long now) {
        List<PathAck.Entry> entries = null;
        for (Path<Sent> each : paths) {
            if ((each == asking || !each.isUp()) && isDue(each, now)) {
                entries = entries == null ? new ArrayList<>(2) : entries;
                entries.add(announce(each, now));
            }
        }
        return entries == null ? null : new PathAck(entries);
    }

    /** What is worth saying because something leaves anyway; null where nothing is. */
    @Nullable PathAck rideAlong(Path<Sent> asking, long now) {
        boolean worth = asking.unannouncedSince() <= now - RIDE_ALONG_AFTER;
        return worth ? new PathAck(List.of(announce(asking, now))) : null;
    }

    /** When the next falls due. Of one that is due already, only a path that can take frames again makes something. */
    long nextDue(long now) {
        long next = Long.MAX_VALUE;
        for (Path<Sent> each : paths) {
            long due = dueAt(each);
            if (due > now) {
                next = Math.min(next, due);
            }
        }
        return next;
    }

    private static boolean isDue(Path<Sent> path, long now) {
        return path.unannouncedSince() != Long.MAX_VALUE
                && (dueAt(path) <= now || path.unannouncedBytes() >= MOST_BYTES);
    }

    private static long dueAt(Path<Sent> path) {
        long since = path.unannouncedSince();
        if (since == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        return since + (path.unannouncedBytes() >= MANY_BYTES ? MANY_DELAY : DELAY);
    }

    private static PathAck.Entry announce(Path<Sent> path, long now) {
        long hold = Math.max(0, now - path.newestReceivedAt()) / 1000;
        return new PathAck.Entry(path.id(), path.announce(), hold);
    }
}
