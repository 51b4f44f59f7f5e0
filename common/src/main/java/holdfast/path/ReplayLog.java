package holdfast.path;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was put on one path and not yet acknowledged, in order: for each entry the path offset behind it, when it was sent, and what to do about it.
 *
 * <p>Only an acknowledgement, or the death of the path, takes anything out.
 *
 * @param <T> what an entry stands for
 */
public final class ReplayLog<T> {
    private static final int INITIAL_CAPACITY = 16;

    private long[] ends = new long[INITIAL_CAPACITY];
    private int[] lengths = new int[INITIAL_CAPACITY];
    private long[] sentAt = new long[INITIAL_CAPACITY];
    private @Nullable Object[] items = new @Nullable Object[INITIAL_CAPACITY];
    private int head;
    private int size;

    /** Time the newest entry taken by the last {@link #acknowledge} was sent, and its bytes. */
    private long lastSentAt;

    private int lastBytes;

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    /** When the oldest entry was sent, in nanoseconds. Only while there is one. */
    public long oldestSentAt() {
        return sentAt[head];
    }

    /** When an entry was sent, in nanoseconds; 0 is the oldest. */
    public long sentAt(int index) {
        return sentAt[(head + Objects.checkIndex(index, size)) & (items.length - 1)];
    }

    /** An entry; 0 is the oldest. */
    public T get(int index) {
        return item((head + Objects.checkIndex(index, size)) & (items.length - 1));
    }

    /** When the newest entry that the last acknowledgement covered was sent, in nanoseconds. */
    public long lastAcknowledgedSentAt() {
        return lastSentAt;
    }

    /** Bytes of the newest entry that the last acknowledgement covered. */
    public int lastAcknowledgedBytes() {
        return lastBytes;
    }

    /**
     * Puts an entry behind the others.
     *
     * @param end the path's offset behind the entry
     * @param length bytes of the entry itself; between entries there may be others, which are not remembered
     */
    public void add(long end, int length, long now, T item) {
        if (size == items.length) {
            grow();
        }
        int at = (head + size) & (items.length - 1);
        ends[at] = end;
        lengths[at] = length;
        sentAt[at] = now;
        items[at] = item;
        size++;
    }

    /** Takes out all entries that end at or before {@code received}, oldest first. Returns how many. */
    public int acknowledge(long received, Consumer<? super T> settled) {
        int taken = 0;
        while (size > 0 && ends[head] <= received) {
            lastSentAt = sentAt[head];
            lastBytes = lengths[head];
            settled.accept(take());
            taken++;
        }
        return taken;
    }

    /** Takes out all entries, oldest first. */
    public void drain(Consumer<? super T> lost) {
        while (size > 0) {
            lost.accept(take());
        }
    }

    /** Shows all entries, oldest first, and keeps them. */
    public void forEach(Consumer<? super T> visitor) {
        for (int i = 0; i < size; i++) {
            visitor.accept(item((head + i) & (items.length - 1)));
        }
    }

    private T take() {
        T item = item(head);
        items[head] = null;
        head = (head + 1) & (items.length - 1);
        size--;
        return item;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // slots between head and head + size hold what add() was given
    private T item(int at) {
        return (T) items[at];
    }

    private void grow() {
        int capacity = 2 * items.length;
        long[] newEnds = new long[capacity];
        int[] newLengths = new int[capacity];
        long[] newSentAt = new long[capacity];
        @Nullable Object[] newItems = new @Nullable Object[capacity];
        for (int i = 0; i < size; i++) {
            int at = (head + i) & (items.length - 1);
            newEnds[i] = ends[at];
            newLengths[i] = lengths[at];
            newSentAt[i] = sentAt[at];
            newItems[i] = items[at];
        }
        ends = newEnds;
        lengths = newLengths;
        sentAt = newSentAt;
        items = newItems;
        head = 0;
    }
}
