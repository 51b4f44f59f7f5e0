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

    /** What a stream may send all the time, in nanoseconds a byte (8 KiB/s), without ever being bulk: somebody who types, or watches. */
    private static final long NANOS_PER_BYTE = 122_070;

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

    /** Whether the last that was sent left nothing unsent behind. */
    private boolean drained = true;

    /** Control frames in logs that the peer must have before the stream may be forgotten. */
    int essentialsOut;

    boolean readableTold;
    long readableToldAt;
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

    /** Something waits to be sent: the pause is over, if there was one. Waiting for a turn, or for room on a path, is none. */
    void woken(long now) {
        if (!drained || stream.send().unsentBytes() == 0) {
            return;
        }
        long pause = now - burstAt;
        burstBytes = pause > BURST_GAP ? 0 : (int) Math.max(0, burstBytes - pause / NANOS_PER_BYTE);
        burstAt = now;
        drained = false;
    }

    /** Counts bytes that were sent, for telling bulk from interactive. */
    void countBurst(int bytes, long now) {
        burstAt = now;
        burstBytes = (int) Math.min(Integer.MAX_VALUE, (long) burstBytes + bytes);
        drained = stream.send().unsentBytes() == 0;
    }

    /** Whether the stream has sent little of late: less than a turn of the scheduler. */
    boolean isLight(long now) {
        return burstBytes < StreamScheduler.QUANTUM || isResting(now);
    }

    /** Whether the stream has sent much without a pause. */
    boolean isBulk(long now) {
        return burstBytes >= BULK_BYTES && !isResting(now);
    }

    private boolean isResting(long now) {
        return drained && now - burstAt > BURST_GAP;
    }
}
