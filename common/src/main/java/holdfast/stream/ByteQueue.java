package holdfast.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in order. Small pieces are copied together: a short slice would keep its whole read buffer alive, and many short pieces cost more than one
 * long one, in memory and as frames. So what waits here costs little more than its bytes, however a peer cuts them.
 */
final class ByteQueue {
    /** Below this, in bytes, a piece is copied. */
    static final int COPY_BELOW = 2048;

    private static final int COLLECTOR_MIN = 64;
    private static final int COLLECTOR_MAX = 16_384;

    private final ByteBufAllocator allocator;
    private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>(2);
    private int collectorSize = COLLECTOR_MIN;

    /** The last chunk, where it is one of ours with room at its end. */
    private @Nullable ByteBuf collector;

    private int bytes;

    ByteQueue(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    int bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /** Takes ownership. */
    void add(ByteBuf data) {
        int length = data.readableBytes();
        bytes += length;
        if (length >= COPY_BELOW) {
            chunks.add(data);
            collector = null;
            collectorSize = COLLECTOR_MIN;
            return;
        }
        try {
            collect(data);
        } finally {
            data.release();
        }
    }

    /** Moves all bytes of another queue, which is of no use afterwards, behind these. */
    void addAll(ByteQueue other) {
        other.chunks.forEach(this::add);
        other.chunks.clear();
    }

    /** At least one byte and at most {@code max}, gives ownership. Only while there are bytes. */
    ByteBuf take(int max) {
        ByteBuf head = chunks.element();
        int length = Math.min(max, head.readableBytes());
        if (length == head.readableBytes()) {
            return take();
        }
        bytes -= length;
        return head.readRetainedSlice(length);
    }

    /** The first chunk, gives ownership. Only while there are bytes. */
    ByteBuf take() {
        ByteBuf head = chunks.remove();
        bytes -= head.readableBytes();
        if (chunks.isEmpty()) {
            collector = null;
            collectorSize = COLLECTOR_MIN;
        }
        return head;
    }

    void clear() {
        chunks.forEach(ByteBuf::release);
        chunks.clear();
        collector = null;
        bytes = 0;
    }

    private void collect(ByteBuf data) {
        while (data.isReadable()) {
            ByteBuf target = collector;
            if (target == null || !target.isWritable()) {
                int size = Math.max(collectorSize, data.readableBytes());
                target = allocator.buffer(size, size);
                collectorSize = Math.min(COLLECTOR_MAX, 2 * collectorSize);
                chunks.add(target);
                collector = target;
            }
            target.writeBytes(data, Math.min(data.readableBytes(), target.writableBytes()));
        }
    }
}
