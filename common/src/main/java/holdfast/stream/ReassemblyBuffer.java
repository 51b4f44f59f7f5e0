package holdfast.stream;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts pieces that arrive over several paths, some twice, back into order.
 *
 * <p>Bytes ahead of a gap are held within the window the sender was promised; the number of such pieces is bounded too, because a piece costs more
 * than its bytes.
 */
final class ReassemblyBuffer {
    /** How many separate pieces may wait behind gaps. */
    static final int MAX_PIECES = 4096;

    private final ByteBufAllocator allocator;
    private final ArrayDeque<ByteBuf> ordered = new ArrayDeque<>(2);
    private @Nullable TreeMap<Long, ByteBuf> ahead;
    private long orderedEnd;

    ReassemblyBuffer(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** The offset up to which every byte has arrived. */
    long orderedEnd() {
        return orderedEnd;
    }

    boolean isEmpty() {
        return ordered.isEmpty();
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
            return;
        }
        if (offset > orderedEnd) {
            addAhead(offset, data);
            return;
        }
        append(offset, data);
        drainAhead();
    }

    /** The next bytes in order, gives ownership; null where there are none. */
    @Nullable ByteBuf read() {
        return ordered.poll();
    }

    void clear() {
        ordered.forEach(ByteBuf::release);
        ordered.clear();
        if (ahead != null) {
            ahead.values().forEach(ByteBuf::release);
            ahead = null;
        }
    }

    private void append(long offset, ByteBuf data) {
        data.skipBytes((int) (orderedEnd - offset));
        orderedEnd += data.readableBytes();
        ordered.add(small(data));
    }

    private void addAhead(long offset, ByteBuf data) throws ProtocolException {
        if (ahead == null) {
            ahead = new TreeMap<>();
        }
        ByteBuf same = ahead.get(offset);
        if (same != null && same.readableBytes() >= data.readableBytes()) {
            data.release();
            return;
        }
        if (same == null && ahead.size() >= MAX_PIECES) {
            data.release();
            throw ProtocolException.session(
                    ErrorCode.FLOW_CONTROL_VIOLATION,
                    "more than " + MAX_PIECES + " pieces of a stream wait behind gaps");
        }
        ByteBuf replaced = ahead.put(offset, small(data));
        if (replaced != null) {
            replaced.release();
        }
    }

    private void drainAhead() {
        while (ahead != null && !ahead.isEmpty() && ahead.firstKey() <= orderedEnd) {
            Map.Entry<Long, ByteBuf> first = ahead.pollFirstEntry();
            ByteBuf data = first.getValue();
            if (first.getKey() + data.readableBytes() <= orderedEnd) {
                data.release();
            } else {
                append(first.getKey(), data);
            }
        }
        if (ahead != null && ahead.isEmpty()) {
            ahead = null;
        }
    }

    /** A short slice would keep the whole buffer it was read into alive for as long as it waits here. */
    private ByteBuf small(ByteBuf data) {
        int length = data.readableBytes();
        if (length >= SendBuffer.COPY_BELOW) {
            return data;
        }
        ByteBuf copy = allocator.buffer(length, length).writeBytes(data);
        data.release();
        return copy;
    }
}
