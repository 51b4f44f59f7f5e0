package holdfast.stream;

import holdfast.flowcontrol.SendCredit;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing half of a stream: bytes written wait in the buffer, bytes sent live on as chunks until one path's acknowledgement covers them, bytes
 * whose path was lost wait to be sent again before anything new.
 */
public final class SendHalf {
    private final ByteQueue unsent;
    private final SendCredit credit;
    private @Nullable PriorityQueue<Chunk> resend;

    private SendState state = SendState.OPEN;
    private ErrorCode resetCode = ErrorCode.NONE;
    private boolean finSent;
    private int outstandingChunks;
    private int outstandingPieces;
    private int outstandingBytes;

    /** @param window bytes the peer takes before any MAX_STREAM_DATA */
    public SendHalf(ByteBufAllocator allocator, long window) {
        this.unsent = new ByteQueue(allocator);
        this.credit = new SendCredit(window);
    }

    public SendState state() {
        return state;
    }

    public SendCredit credit() {
        return credit;
    }

    /** Bytes ever put on a path: the final size once the half has ended. */
    public long sentSize() {
        return credit.used();
    }

    /** Bytes written and never sent. */
    public int unsentBytes() {
        return unsent.bytes();
    }

    /** Bytes sent and neither acknowledged nor abandoned. */
    public int outstandingBytes() {
        return outstandingBytes;
    }

    /** Pieces with bytes, sent and neither acknowledged nor abandoned: as many gaps may there be at the peer. */
    public int outstandingPieces() {
        return outstandingPieces;
    }

    public ErrorCode resetCode() {
        return resetCode;
    }

    /** Takes ownership. Bytes written after the end of the half are dropped. */
    public void write(ByteBuf data) {
        if (state != SendState.OPEN || !data.isReadable()) {
            data.release();
            return;
        }
        unsent.add(data);
    }

    /** Ends the half in order. Returns whether that is news. */
    public boolean finish() {
        if (state != SendState.OPEN) {
            return false;
        }
        state = SendState.FINISHING;
        return true;
    }

    /** Abandons the half: nothing more is sent but the reset. Returns whether that is news. */
    public boolean reset(ErrorCode code) {
        if (state != SendState.OPEN && state != SendState.FINISHING) {
            return false;
        }
        state = SendState.RESET;
        resetCode = code;
        abandon();
        return true;
    }

    /** The peer has the reset. */
    public void resetAcknowledged() {
        if (state == SendState.RESET) {
            state = SendState.RESET_DELIVERED;
        }
    }

    /** Whether there is something that may be sent now; {@code sessionCredit} limits bytes that were never sent. */
    public boolean canSend(long sessionCredit) {
        return hasResend() || canSendNew(sessionCredit);
    }

    /** Whether bytes wait that were sent on a lost path. */
    public boolean hasResend() {
        dropSettled();
        return resend != null && !resend.isEmpty();
    }

    /** Whether only credit keeps bytes here. */
    public boolean isBlocked() {
        return unsent.bytes() > 0 && credit.available() == 0 && !state.isReset();
    }

    /** The next chunk for a path's log, first those to be sent again, or null where there is nothing that may be sent. */
    public @Nullable Chunk next(int maxBytes, long sessionCredit) {
        if (hasResend() && resend != null) {
            Chunk again = resend.remove();
            again.waiting = false;
            again.copies++;
            return again;
        }
        if (!canSendNew(sessionCredit)) {
            return null;
        }
        int allowed = (int) Math.min(maxBytes, Math.min(credit.available(), sessionCredit));
        ByteBuf data = unsent.bytes() == 0 || allowed == 0 ? Unpooled.EMPTY_BUFFER : unsent.take(allowed);
        boolean fin = state == SendState.FINISHING && unsent.bytes() == 0;
        Chunk chunk = new Chunk(credit.used(), data, fin);
        credit.use(chunk.length);
        finSent |= fin;
        chunk.copies = 1;
        outstandingChunks++;
        outstandingPieces += chunk.length > 0 ? 1 : 0;
        outstandingBytes += chunk.length;
        return chunk;
    }

    /** One log's acknowledgement covers the chunk. It may be that another log was first. */
    public void acknowledged(Chunk chunk) {
        chunk.copies--;
        if (chunk.settled) {
            return;
        }
        settle(chunk);
        if (state == SendState.FINISHING && finSent && outstandingChunks == 0) {
            state = SendState.DELIVERED;
        }
    }

    /** A log lost the chunk with its path: it is sent again unless another log still holds it or it is settled. */
    public void lost(Chunk chunk) {
        chunk.copies--;
        if (chunk.settled || chunk.copies > 0) {
            return;
        }
        if (state.isReset()) {
            settle(chunk);
        } else {
            queueAgain(chunk);
        }
    }

    /** Sends the chunk again although a log holds it, because that log's path is slow to answer. */
    public void repeat(Chunk chunk) {
        queueAgain(chunk);
    }

    /** Puts the chunk into a second log, because the first one's path is late with it. Returns false where that is done already, or of no use. */
    public boolean copy(Chunk chunk) {
        if (chunk.settled || chunk.waiting || chunk.copies != 1 || state.isReset()) {
            return false;
        }
        chunk.copies++;
        return true;
    }

    /** Shows the chunks that wait to be sent again. */
    public void forEachWaiting(Consumer<Chunk> visitor) {
        if (resend != null) {
            resend.forEach(visitor);
        }
    }

    private void queueAgain(Chunk chunk) {
        if (chunk.settled || chunk.waiting || state.isReset()) {
            return;
        }
        if (resend == null) {
            resend = new PriorityQueue<>(SendHalf::inOrder);
        }
        chunk.waiting = true;
        resend.add(chunk);
    }

    private static int inOrder(Chunk one, Chunk other) {
        int byOffset = Long.compare(one.offset(), other.offset());
        return byOffset != 0 ? byOffset : Integer.compare(one.length(), other.length());
    }

    private boolean canSendNew(long sessionCredit) {
        if (state.isReset() || finSent) {
            return false;
        }
        if (unsent.bytes() > 0) {
            return credit.available() > 0 && sessionCredit > 0;
        }
        return state == SendState.FINISHING;
    }

    private void dropSettled() {
        while (resend != null && !resend.isEmpty() && resend.element().settled) {
            resend.remove().waiting = false;
        }
        if (resend != null && resend.isEmpty()) {
            resend = null;
        }
    }

    private void settle(Chunk chunk) {
        outstandingChunks--;
        outstandingPieces -= chunk.length > 0 ? 1 : 0;
        outstandingBytes -= chunk.length;
        chunk.settle();
    }

    /** Chunks in a log give their bytes back when the log lets go of them. */
    private void abandon() {
        unsent.clear();
        while (hasResend() && resend != null) {
            settle(resend.remove());
        }
    }
}
