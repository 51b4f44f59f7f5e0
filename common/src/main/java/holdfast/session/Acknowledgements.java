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

    /** Bytes that are acknowledged before {@link #DELAY} is over: enough for a fast path to go on, few enough to cost nothing. */
    private static final long MANY_BYTES = 128 * 1024;

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
            long since = each.unannouncedSince();
            if (since != Long.MAX_VALUE && since + DELAY > now) {
                next = Math.min(next, since + DELAY);
            }
        }
        return next;
    }

    private static boolean isDue(Path<Sent> path, long now) {
        long since = path.unannouncedSince();
        return since != Long.MAX_VALUE && (now - since >= DELAY || path.unannouncedBytes() >= MANY_BYTES);
    }

    private static PathAck.Entry announce(Path<Sent> path, long now) {
        long hold = Math.max(0, now - path.newestReceivedAt()) / 1000;
        return new PathAck.Entry(path.id(), path.announce(), hold);
    }
}
