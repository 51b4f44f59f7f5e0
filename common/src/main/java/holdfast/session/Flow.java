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

    /** Which of the scheduler's lists a flow is in. */
    enum Listing {
        NONE,
        NEW,
        OLD
    }

    final Stream stream;
    final Origin opener;
    final OpenRequest request;

    private int pending;
    boolean controlQueued;

    @Nullable Destination bound;

    ErrorCode rejectCode = ErrorCode.NONE;
    String rejectText = "";
    boolean answered;
    int urgency;
    long prioritySequence;

    /** The path that carried OPEN, while it is not acknowledged: until then nothing of the stream may travel elsewhere. */
    long openPath = NO_PATH;

    boolean openSent;
    boolean openAcknowledged;
    long homePath = NO_PATH;

    Listing listing = Listing.NONE;
    int deficit;
    private long burstAt;
    private int burstBytes;

    /** Control frames in logs that the peer must have before the stream may be forgotten. */
    int essentialsOut;

    boolean readableTold;
    boolean writerWaits;
    boolean abandoned;

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

    void want(Control control) {
        pending |= control.bit;
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
