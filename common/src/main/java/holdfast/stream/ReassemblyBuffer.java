package holdfast.stream;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts pieces that arrive over several paths, some twice, back into order.
 *
 * <p>Bytes ahead of a gap are held once, within the window the sender was promised, as runs that neither touch nor overlap; the number of runs is
 * bounded too, because a run costs more than its bytes.
 */
final class ReassemblyBuffer {
    private final ByteBufAllocator allocator;
    private final GapBudget gaps;
    private final ByteQueue ordered;
    private @Nullable TreeMap<Long, ByteQueue> ahead;
    private long orderedEnd;

    ReassemblyBuffer(ByteBufAllocator allocator, GapBudget gaps) {
        this.allocator = allocator;
        this.gaps = gaps;
        this.ordered = new ByteQueue(allocator);
    }

    /** The offset up to which every byte has arrived. */
    long orderedEnd() {
        return orderedEnd;
    }

    /** Whether there is nothing to {@link #read}. */
    boolean isEmpty() {
        return ordered.isEmpty();
    }

    /** Runs of bytes behind gaps. */
    int gaps() {
        return ahead == null ? 0 : ahead.size();
    }

    /** Bytes in order and ahead. */
    long bytes() {
        long bytes = ordered.bytes();
        if (ahead != null) {
            for (ByteQueue each : ahead.values()) {
                bytes += each.bytes();
            }
        }
        return bytes;
    }

    /**
     * Takes ownership. Bytes that are here already are dropped.
     *
     * @throws ProtocolException of session scope when too many pieces wait behind gaps
     */
    void add(long offset, ByteBuf data) throws ProtocolException {
        long end = offset + data.readableBytes();
        if (end <= orderedEnd) {
            data.release();
        } else if (offset > orderedEnd) {
            addAhead(offset, end, data);
        } else {
            data.skipBytes((int) (orderedEnd - offset));
            orderedEnd = end;
            ordered.add(data);
            drainAhead();
        }
    }

    /** The next bytes in order, gives ownership; null where there are none. */
    @Nullable ByteBuf read() {
        return ordered.isEmpty() ? null : ordered.take();
    }

    void clear() {
        ordered.clear();
        if (ahead != null) {
            gaps.giveBack(ahead.size());
            ahead.values().forEach(ByteQueue::clear);
            ahead = null;
        }
    }

    private void addAhead(long offset, long end, ByteBuf data) throws ProtocolException {
        TreeMap<Long, ByteQueue> runs = ahead == null ? new TreeMap<>() : ahead;
        ahead = runs;
        Map.Entry<Long, ByteQueue> before = runs.floorEntry(offset);
        long beforeEnd =
                before == null ? -1 : before.getKey() + before.getValue().bytes();
        long start = Math.max(offset, beforeEnd);
        if (start >= end) {
            data.release();
            return;
        }
        dropCovered(runs, start, end);
        Map.Entry<Long, ByteQueue> after = runs.higherEntry(start);
        long stop = after == null ? end : Math.min(end, after.getKey());
        data.skipBytes((int) (start - offset));
        data.writerIndex(data.writerIndex() - (int) (end - stop));

        ByteQueue run = start == beforeEnd && before != null ? before.getValue() : newRun(runs, start, data);
        run.add(data);
        if (after != null && after.getKey() == stop) {
            runs.remove(stop);
            gaps.giveBack(1);
            run.addAll(after.getValue());
        }
    }

    private ByteQueue newRun(NavigableMap<Long, ByteQueue> runs, long start, ByteBuf data) throws ProtocolException {
        try {
            gaps.take();
        } catch (ProtocolException e) {
            data.release();
            throw e;
        }
        ByteQueue run = new ByteQueue(allocator);
        runs.put(start, run);
        return run;
    }

    /** Drops runs that lie wholly between {@code start} and {@code end}: the new piece has their bytes too. */
    private void dropCovered(NavigableMap<Long, ByteQueue> runs, long start, long end) {
        Map.Entry<Long, ByteQueue> next = runs.higherEntry(start);
        while (next != null && next.getKey() + next.getValue().bytes() <= end) {
            runs.remove(next.getKey());
            gaps.giveBack(1);
            next.getValue().clear();
            next = runs.higherEntry(start);
        }
    }

    /** The order has grown: runs that it has reached join it. */
    private void drainAhead() {
        while (ahead != null && !ahead.isEmpty() && ahead.firstKey() <= orderedEnd) {
            Map.Entry<Long, ByteQueue> first = ahead.pollFirstEntry();
            gaps.giveBack(1);
            append(first.getKey(), first.getValue());
        }
        if (ahead != null && ahead.isEmpty()) {
            ahead = null;
        }
    }

    private void append(long start, ByteQueue run) {
        long end = start + run.bytes();
        long known = Math.min(orderedEnd, end) - start;
        while (known > 0) {
            ByteBuf dropped = run.take((int) Math.min(known, Integer.MAX_VALUE));
            known -= dropped.readableBytes();
            dropped.release();
        }
        orderedEnd = Math.max(orderedEnd, end);
        ordered.addAll(run);
    }
}
