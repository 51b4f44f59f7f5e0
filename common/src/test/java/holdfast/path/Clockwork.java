package holdfast.path;

import java.util.PriorityQueue;

/** Virtual time: what is to happen when. Nanoseconds. */
final class Clockwork {
    private record Entry(long at, long number, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long now = 1_000_000_000;
    private long count;

    long now() {
        return now;
    }

    void in(long nanos, Runnable action) {
        entries.add(new Entry(now + nanos, count++, action));
    }

    /** Lets so many nanoseconds pass. */
    void run(long nanos) {
        long end = now + nanos;
        while (!entries.isEmpty() && entries.peek().at <= end) {
            Entry next = entries.remove();
            now = next.at;
            next.action.run();
        }
        now = end;
    }
}
