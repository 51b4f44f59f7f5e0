package holdfast.linkmodel;

import java.util.PriorityQueue;

/** Virtual time: what is to happen when. Nanoseconds. */
public final class Clockwork {
    private record Entry(long at, long number, Runnable action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long now = 1_000_000_000;
    private long count;

    public long now() {
        return now;
    }

    public void in(long nanos, Runnable action) {
        entries.add(new Entry(now + nanos, count++, action));
    }

    /** Lets so many nanoseconds pass. */
    public void run(long nanos) {
        long end = now + nanos;
        while (!entries.isEmpty() && entries.peek().at <= end) {
            Entry next = entries.remove();
            now = next.at;
            next.action.run();
        }
        now = end;
    }
}
