package holdfast.session;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.Origin;
import holdfast.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A stream and what the session keeps about it: control frames that wait, its place in the scheduler, what was told to the local side. */
final class Flow {
    /** Bytes in one burst that make a stream bulk: it has lost the privileges of one that sends little. */
    static final int BULK_BYTES = 64 * 1024;

    private static final long BURST_GAP = 200_000_000;

    final Stream stream;
    final Origin opener;
    final OpenRequest request;

    private int pending;
    private int delivered;
    boolean controlQueued;

    @Nullable Destination bound;

    ErrorCode rejectCode = ErrorCode.NONE;
    String rejectText = "";
    ErrorCode stopCode = ErrorCode.CANCELLED;
    boolean answered;
    int urgency;
    long prioritySequence;

    /** The path that carried OPEN, while it is not acknowledged: until then nothing of the stream may travel elsewhere. */
    long openPath = NO_PATH;

    boolean openSent;
    boolean openAcknowledged;
    long homePath = NO_PATH;

    /** The scheduler's list that the flow is in, and its neighbours there. */
    @Nullable FlowList list;

    @Nullable Flow previous;

    @Nullable Flow next;

    int deficit;

    /** Whether it is among those that need no credit of the session. */
    boolean freeListed;

    private long burstAt;
    private int burstBytes;

    /** Control frames in logs that the peer must have before the stream may be forgotten. */
    int essentialsOut;

    boolean readableTold;
    boolean writerWaits;
    boolean abandoned;

    /** Nothing remains to be said about the stream; it stays known until the local side has been told. */
    boolean closed;

    static final long NO_PATH = -1;

    Flow(Stream stream, Origin opener, OpenRequest request) {
        this.stream = stream;
        this.opener = opener;
        this.request = request;
        this.urgency = request.urgency();
    }

    long id() {
        return stream.id();
    }

    /** An essential frame never changes: once the peer has it, it is not wanted again. */
    void want(Control control) {
        pending |= control.bit & ~delivered;
    }

    /** The peer has an essential frame. */
    void delivered(Control control) {
        delivered |= control.bit;
        pending &= ~control.bit;
    }

    boolean wants(Control control) {
        return (pending & control.bit) != 0;
    }

    void done(Control control) {
        pending &= ~control.bit;
    }

    boolean wantsEssential() {
        return (pending & Control.ESSENTIAL) != 0;
    }

    boolean wantsAny() {
        return pending != 0;
    }

    /** The first control frame that waits. Only while {@link #wantsAny}. */
    Control nextControl() {
        return Control.IN_ORDER[Integer.numberOfTrailingZeros(pending)];
    }

    @Override
    public String toString() {
        return "stream " + id() + " by " + opener + ", sending " + stream.send().state() + " sent "
                + stream.send().sentSize() + " out " + stream.send().outstandingBytes() + " unsent "
                + stream.send().unsentBytes() + " credit "
                + stream.send().credit().available() + ", receiving "
                + stream.receive().state() + ", pending " + Integer.toBinaryString(pending) + ", essentials out "
                + essentialsOut + (openSent ? "" : ", never sent") + (closed ? ", closed" : "");
    }

    /** Whether it has to follow its OPEN on one path. */
    boolean isPinned() {
        return openPath != NO_PATH;
    }

    /** Counts bytes for telling bulk from interactive. */
    void countBurst(int bytes, long now) {
        if (now - burstAt > BURST_GAP) {
            burstBytes = 0;
        }
        burstAt = now;
        burstBytes = (int) Math.min(Integer.MAX_VALUE, (long) burstBytes + bytes);
    }

    /** Whether the stream has sent much without a pause. */
    boolean isBulk(long now) {
        return burstBytes >= BULK_BYTES && now - burstAt <= BURST_GAP;
    }
}
