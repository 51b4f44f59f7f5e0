package holdfast.stream;

import holdfast.flowcontrol.ReceiveCredit;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The incoming half of a stream. Bytes count as consumed only when they have left for the local socket; of a half that was stopped or reset
 * everything counts as consumed at once.
 */
public final class ReceiveHalf {
    private static final long UNKNOWN = -1;

    private final ReassemblyBuffer buffer;
    private final ReceiveCredit credit;

    private ReceiveState state = ReceiveState.OPEN;
    private boolean stopped;
    private ErrorCode resetCode = ErrorCode.NONE;
    private long finalSize = UNKNOWN;
    private long consumedTaken;

    /** @param gaps shared by all halves of a session */
    public ReceiveHalf(ByteBufAllocator allocator, ReceiveCredit credit, GapBudget gaps) {
        this.buffer = new ReassemblyBuffer(allocator, gaps);
        this.credit = credit;
    }

    public ReceiveState state() {
        return state;
    }

    public ReceiveCredit credit() {
        return credit;
    }

    /** Whether the local side wants no more bytes. */
    public boolean isStopped() {
        return stopped;
    }

    public ErrorCode resetCode() {
        return resetCode;
    }

    /** Whether {@link #read} gives something, or the end is reached. */
    public boolean isReadable() {
        return !buffer.isEmpty() || state == ReceiveState.COMPLETE;
    }

    /**
     * Takes ownership of {@code data}. Returns how many bytes count against the session's credit for the first time.
     *
     * @throws ProtocolException of session scope for bytes beyond the credit or beyond the stream's end
     */
    public long receive(long offset, ByteBuf data, boolean fin) throws ProtocolException {
        long fresh;
        try {
            long end = offset + data.readableBytes();
            requireWithinEnd(end, fin);
            fresh = credit.receivedUpTo(end);
            if (fin) {
                finalSize = end;
            }
            if (finalSize != UNKNOWN && credit.received() == finalSize) {
                credit.end();
            }
        } catch (ProtocolException e) {
            data.release();
            throw e;
        }
        if (state == ReceiveState.OPEN && !stopped) {
            buffer.add(offset, data);
        } else {
            data.release();
        }
        if (stopped) {
            discardHeld();
        }
        if (state == ReceiveState.OPEN && isWhole()) {
            state = stopped ? ReceiveState.READ : ReceiveState.COMPLETE;
        }
        return fresh;
    }

    /**
     * The peer abandons the half. Returns how many bytes count against the session's credit for the first time.
     *
     * @throws ProtocolException of session scope where the final size contradicts what arrived
     */
    public long reset(ErrorCode code, long size) throws ProtocolException {
        requireWithinEnd(size, true);
        long fresh = credit.receivedUpTo(size);
        finalSize = size;
        credit.end();
        if (state == ReceiveState.OPEN) {
            state = ReceiveState.RESET_RECEIVED;
            resetCode = code;
            buffer.clear();
            discardHeld();
        }
        return fresh;
    }

    /** The local side wants no more bytes: what is here and what still comes is dropped. Returns whether that is news to the peer. */
    public boolean stop() {
        if (state.isTerminal() || stopped) {
            return false;
        }
        stopped = true;
        buffer.clear();
        discardHeld();
        if (state == ReceiveState.COMPLETE) {
            state = ReceiveState.READ;
            return false;
        }
        return true;
    }

    /** The next bytes in order, gives ownership; null where there are none now. */
    public @Nullable ByteBuf read() {
        ByteBuf data = buffer.read();
        if (state == ReceiveState.COMPLETE && buffer.isEmpty()) {
            state = ReceiveState.READ;
        }
        return data;
    }

    /** Bytes that were read have left for the local socket. */
    public void consumed(long bytes) {
        credit.consumed(Math.min(bytes, credit.held()));
    }

    /** How many bytes were consumed since this was last asked: what the session's own credit has to learn. */
    public long takeConsumed() {
        long news = credit.consumed() - consumedTaken;
        consumedTaken = credit.consumed();
        return news;
    }

    /** Bytes that wait here, in order or behind a gap. */
    public long bufferedBytes() {
        return buffer.bytes();
    }

    /** How many runs of bytes wait behind gaps. */
    public int gaps() {
        return buffer.gaps();
    }

    /** Gives back everything that is held, and what was promised. */
    public void discard() {
        credit.end();
        buffer.clear();
        discardHeld();
    }

    private boolean isWhole() {
        return finalSize != UNKNOWN && (stopped ? credit.received() == finalSize : buffer.orderedEnd() == finalSize);
    }

    private void discardHeld() {
        credit.consumed(credit.held());
    }

    private void requireWithinEnd(long end, boolean isEnd) throws ProtocolException {
        boolean beyond = finalSize != UNKNOWN && end > finalSize;
        boolean moved = isEnd && finalSize != UNKNOWN && end != finalSize;
        if (beyond || moved || (isEnd && end < credit.received())) {
            throw ProtocolException.session(
                    ErrorCode.PROTOCOL_VIOLATION,
                    "a stream's bytes end at " + end + ", but its end is known as "
                            + (finalSize == UNKNOWN ? "behind " + credit.received() : String.valueOf(finalSize)));
        }
    }
}
