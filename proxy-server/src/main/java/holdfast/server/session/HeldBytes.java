package holdfast.server.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all sessions without a path hold together, and what is done so that it stays within a budget: from half of it on they read nothing more from
 * their destinations and their windows start over; beyond it the session with the largest product of age and bytes ends, and the next, until what is
 * left fits. Any thread may use it.
 */
final class HeldBytes {
    /** A session as it is seen from here. */
    interface Holder {
        /** Ends it, unless it has a path again. */
        void evict();
    }

    private final long budget;
    private final Map<Holder, Held> sessions = new ConcurrentHashMap<>();
    private final AtomicLong sum = new AtomicLong();

    /** What one session holds, and since when it has had no path. */
    private record Held(long bytes, long since) {
        double weight(long now) {
            return (double) bytes * Math.max(1, now - since);
        }
    }

    HeldBytes(long budget) {
        this.budget = budget;
    }

    /** Bytes of all sessions that have no path. */
    long sum() {
        return sum.get();
    }

    /** Sessions that have no path. */
    int count() {
        return sessions.size();
    }

    /** A session has no path since then and holds so much now. Returns whether it must be frugal. */
    boolean report(Holder session, long bytes, long since, long now) {
        Held before = sessions.put(session, new Held(bytes, since));
        long all = sum.addAndGet(bytes - (before == null ? 0 : before.bytes()));
        if (all > budget) {
            endHeaviest(now);
        }
        return all > budget / 2;
    }

    /** The session has a path again, or is over. */
    void leave(Holder session) {
        Held before = sessions.remove(session);
        if (before != null) {
            sum.addAndGet(-before.bytes());
        }
    }

    private synchronized void endHeaviest(long now) {
        if (sum.get() <= budget) {
            return;
        }
        List<Map.Entry<Holder, Held>> heaviest = new ArrayList<>(sessions.entrySet());
        heaviest.sort((one, other) ->
                Double.compare(other.getValue().weight(now), one.getValue().weight(now)));
        for (Map.Entry<Holder, Held> each : heaviest) {
            if (sum.get() <= budget) {
                return;
            }
            leave(each.getKey());
            each.getKey().evict();
        }
    }
}
