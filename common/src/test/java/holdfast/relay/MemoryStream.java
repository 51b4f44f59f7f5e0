package holdfast.relay;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a stream whose other end lies in the same memory: credit, half-close, reset and stop as a session has them, without a session. What one
 * end sends, the other gets as a task on its event loop.
 */
final class MemoryStream implements StreamHandle {
    /** How much an end may send that the other has not consumed. */
    static final int WINDOW = 256 * 1024;

    private static final int HIGH_WATER = 64 * 1024;

    private final EventLoop loop;
    private @Nullable MemoryStream peer;
    private @Nullable StreamListener listener;

    private final Queue<ByteBuf> unsent = new ArrayDeque<>();
    private long unsentBytes;
    private long credit = WINDOW;
    private boolean finishing;
    private boolean outgoingOver;

    private final Queue<ByteBuf> unread = new ArrayDeque<>();
    private boolean peerFinished;
    private boolean incomingOver;
    private @Nullable ErrorCode reset;
    private @Nullable ErrorCode stopped;

    private volatile long mostHeld;

    private MemoryStream(EventLoop loop) {
        this.loop = loop;
    }

    /** Two ends of one stream. */
    static MemoryStream[] pair(EventLoop one, EventLoop other) {
        MemoryStream a = new MemoryStream(one);
        MemoryStream b = new MemoryStream(other);
        a.peer = b;
        b.peer = a;
        return new MemoryStream[] {a, b};
    }

    /** The most bytes that waited for credit here at any time. */
    long mostHeld() {
        return mostHeld;
    }

    @Override
    public long id() {
        return 0;
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public void listen(StreamListener newListener) {
        listener = newListener;
        loop.execute(() -> {
            if (reset != null) {
                newListener.onReset(reset);
                return;
            }
            if (stopped != null) {
                newListener.onStopped(stopped);
            }
            newListener.onReadable();
        });
    }

    @Override
    public void write(ByteBuf data) {
        requireLoop();
        if (outgoingOver || finishing) {
            data.release();
            return;
        }
        unsent.add(data);
        unsentBytes += data.readableBytes();
        mostHeld = Math.max(mostHeld, unsentBytes);
        send();
    }

    @Override
    public boolean isWritable() {
        return !outgoingOver && !finishing && unsentBytes < HIGH_WATER;
    }

    @Override
    public void finish() {
        requireLoop();
        if (!outgoingOver) {
            finishing = true;
            send();
        }
    }

    @Override
    public boolean sendDatagram(Destination with, ByteBuf bytes) {
        bytes.release();
        return false;
    }

    @Override
    public StreamHandle handOver(Destination peer) {
        throw new UnsupportedOperationException("a relay listens nowhere");
    }

    @Override
    public void reset(ErrorCode code) {
        requireLoop();
        if (!outgoingOver) {
            dropUnsent();
            outgoingOver = true;
            tell(other -> other.peerReset(code));
        }
        stop(code);
    }

    @Override
    public void stop(ErrorCode code) {
        requireLoop();
        if (!incomingOver) {
            incomingOver = true;
            dropUnread();
            tell(other -> other.peerStopped(code));
        }
    }

    @Override
    public @Nullable ByteBuf read() {
        requireLoop();
        return unread.poll();
    }

    @Override
    public boolean isEndOfStream() {
        return peerFinished && unread.isEmpty();
    }

    @Override
    public void consumed(int bytes) {
        requireLoop();
        tell(other -> other.peerConsumed(bytes));
    }

    @Override
    public void accept(Destination bound) {}

    @Override
    public void reject(ErrorCode code, String text) {
        reset(code);
    }

    private void send() {
        while (credit > 0 && !unsent.isEmpty()) {
            ByteBuf first = unsent.element();
            int bytes = (int) Math.min(credit, first.readableBytes());
            ByteBuf part = first.readRetainedSlice(bytes);
            if (!first.isReadable()) {
                unsent.remove().release();
            }
            unsentBytes -= bytes;
            credit -= bytes;
            tell(other -> other.peerSent(part));
        }
        if (finishing && unsent.isEmpty() && !outgoingOver) {
            outgoingOver = true;
            tell(MemoryStream::peerHasFinished);
        }
    }

    private void peerSent(ByteBuf part) {
        if (incomingOver) {
            part.release();
            return;
        }
        unread.add(part);
        if (listener != null) {
            listener.onReadable();
        }
    }

    private void peerHasFinished() {
        if (incomingOver) {
            return;
        }
        peerFinished = true;
        incomingOver = true;
        if (listener != null) {
            listener.onReadable();
        }
    }

    private void peerConsumed(int bytes) {
        credit += bytes;
        boolean wasWritable = isWritable();
        send();
        if (!wasWritable && isWritable() && listener != null) {
            listener.onWritable();
        }
    }

    private void peerReset(ErrorCode code) {
        if (incomingOver) {
            return;
        }
        incomingOver = true;
        reset = code;
        dropUnread();
        if (listener != null) {
            listener.onReset(code);
        }
    }

    private void peerStopped(ErrorCode code) {
        if (outgoingOver) {
            return;
        }
        dropUnsent();
        outgoingOver = true;
        stopped = code;
        tell(other -> other.peerReset(code));
        if (listener != null) {
            listener.onStopped(code);
        }
    }

    private void dropUnsent() {
        unsent.forEach(ByteBuf::release);
        unsent.clear();
        unsentBytes = 0;
    }

    private void dropUnread() {
        unread.forEach(ByteBuf::release);
        unread.clear();
    }

    private void tell(Consumer<MemoryStream> what) {
        MemoryStream other = Objects.requireNonNull(peer);
        if (!other.loop.isShuttingDown()) {
            other.loop.execute(() -> what.accept(other));
        }
    }

    private void requireLoop() {
        if (!loop.inEventLoop()) {
            throw new IllegalStateException("not on the stream's event loop");
        }
    }
}
