package holdfast.mtatls.channel;

import holdfast.mtatls.message.ChannelId;
import holdfast.mtatls.message.MtaTlsPlaintext;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One channel: what waits to be sent, what waits to be read, and how far it is. {@link Multiplexer} changes it.
 *
 * <pre>
 *   we ask:     ASKED --success--> OPEN           --refusal--> OVER
 *   asked:      ASKING --accept--> OPEN           --reject---> OVER
 *   OPEN --we close--> CLOSING --confirmed--> OVER
 *   OPEN --closed by the other end, confirmed at once--> OVER
 * </pre>
 */
public final class MtaChannel {
    enum State {
        ASKED,
        ASKING,
        OPEN,
        CLOSING,
        OVER
    }

    /** Bytes that may wait before who writes is told to stop, and from which on it may go on. */
    static final int HIGH_WATER_BYTES = 128 * 1024;

    static final int LOW_WATER_BYTES = 64 * 1024;

    /** Our half of the identifier. */
    final int own;

    final boolean requestedHere;
    final ReceiveWindow receive;
    final ArrayDeque<ByteBuf> unsent = new ArrayDeque<>();
    final ArrayDeque<ByteBuf> unread = new ArrayDeque<>();
    int peer;
    State state;

    // What we send.
    long sendWindow;
    long sendMaxPacket;
    long unsentBytes;
    boolean unwritable;
    boolean finishing;
    boolean queued;

    // What we receive.
    int maxPacket;
    long unconsumed;
    boolean discarding;
    boolean ended;
    boolean lostSome;
    boolean confirmed;

    /** Nobody wants to hear of it any more. */
    boolean abandoned;

    private @Nullable Object owner;

    MtaChannel(int own, boolean requestedHere, int maxPacket, Allowance allowance) {
        this.own = own;
        this.requestedHere = requestedHere;
        this.maxPacket = maxPacket;
        this.receive = new ReceiveWindow(allowance);
        this.state = requestedHere ? State.ASKED : State.ASKING;
    }

    /** Our half of its identifier: unique among the open channels of this end. */
    public int number() {
        return own;
    }

    /** Whoever is to hear of its events. */
    public void own(Object newOwner) {
        owner = newOwner;
    }

    public @Nullable Object owner() {
        return owner;
    }

    ChannelId id() {
        return requestedHere ? new ChannelId(own, peer) : new ChannelId(peer, own);
    }

    boolean isIdentifiedBy(ChannelId id) {
        return id.equals(id());
    }

    /** How many bytes could leave now in one message; 0 where none can. */
    int sendable() {
        if (state != State.OPEN) {
            return 0;
        }
        long room = Math.min(Math.min(sendWindow, sendMaxPacket), MtaTlsPlaintext.MAX_BYTES);
        return (int) Math.min(room, unsentBytes);
    }

    boolean isCloseDue() {
        return state == State.OPEN && finishing && unsentBytes == 0;
    }

    /** Appends that many waiting bytes to {@code out}, which it borrows. */
    void moveTo(ByteBuf out, int bytes) {
        int left = bytes;
        while (left > 0) {
            ByteBuf first = unsent.element();
            int step = Math.min(left, first.readableBytes());
            out.writeBytes(first, step);
            left -= step;
            if (!first.isReadable()) {
                unsent.remove().release();
            }
        }
        unsentBytes -= bytes;
        sendWindow -= bytes;
    }

    void dropUnsent() {
        unsent.forEach(ByteBuf::release);
        unsent.clear();
        unsentBytes = 0;
    }

    /** Returns how many bytes that were. */
    int dropUnread() {
        int bytes = 0;
        for (ByteBuf each : unread) {
            bytes += each.readableBytes();
            each.release();
        }
        unread.clear();
        unconsumed -= bytes;
        return bytes;
    }

    @Nullable ByteBuf read() {
        return unread.poll();
    }
}
