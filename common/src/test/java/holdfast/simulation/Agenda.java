package holdfast.simulation;

import java.util.PriorityQueue;

/** Virtual time, in nanoseconds, and what is to happen when. What is due at the same time happens in the order in which it was entered. */
final class Agenda {
    static final long MILLIS = 1_000_000;
    static final long SECOND = 1000 * MILLIS;

    private record Entry(long time, long sequence, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long sequence;
    private long now;

    /** @param start not zero, so that a clock's first value means nothing to anybody */
    Agenda(long start) {
        this.now = start;
    }

    long now() {
        return now;
    }

    void at(long time, Runnable action) {
        entries.add(new Entry(Math.max(time, now), sequence++, action));
    }

    void in(long nanos, Runnable action) {
        at(now + nanos, action);
    }

    /** Lets happen what is next, unless that is behind {@code end}: then only the time moves there. Returns whether something happened. */
    boolean runNext(long end) {
        Entry next = entries.peek();
        if (next == null || next.time > end) {
            now = Math.max(now, end);
            return false;
        }
        entries.remove();
        now = next.time;
        next.action.run();
        return true;
    }
}
