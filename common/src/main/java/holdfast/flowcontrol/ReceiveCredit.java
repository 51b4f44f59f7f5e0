package holdfast.flowcontrol;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;

/**
 * What an end has promised to take, on one stream or on all of them, and when to promise more.
 *
 * <p>The promise is {@code base + window}. For a stream the base is what has left for the local socket, so that a slow program holds its own sender
 * back. For the session it is what has arrived, as long as less than {@code holdMax} bytes wait for slow programs: a few streams that nobody reads
 * must not use up the credit of all others.
 *
 * <p>The window grows to twice what was consumed in a round trip, up to its maximum (PROTOCOL.md section 8).
 */
public final class ReceiveCredit {
    private final long maxWindow;
    private final long holdMax;

    private long window;
    private long limit;
    private long received;
    private long consumed;

    private long roundStart;
    private long consumedAtRoundStart;

    private ReceiveCredit(long window, long maxWindow, long holdMax) {
        this.window = window;
        this.maxWindow = Math.max(window, maxWindow);
        this.holdMax = holdMax;
        this.limit = window;
    }

    /** Credit of a stream: {@code window} bytes beyond what was consumed, growing up to {@code maxWindow}. */
    public static ReceiveCredit ofStream(long window, long maxWindow) {
        return new ReceiveCredit(window, maxWindow, 0);
    }

    /** Credit of a session: {@code window} bytes beyond what was received, but never more than {@code holdMax} held. */
    public static ReceiveCredit ofSession(long window, long maxWindow, long holdMax) {
        return new ReceiveCredit(window, maxWindow, Math.max(holdMax, window));
    }

    public long limit() {
        return limit;
    }

    public long received() {
        return received;
    }

    public long consumed() {
        return consumed;
    }

    /** Bytes that arrived and have not been consumed. */
    public long held() {
        return received - consumed;
    }

    public long window() {
        return window;
    }

    /**
     * Counts bytes up to {@code total} as arrived. Returns how many of them are new.
     *
     * @throws ProtocolException of session scope when that is more than was promised
     */
    public long receivedUpTo(long total) throws ProtocolException {
        if (total <= received) {
            return 0;
        }
        if (total > limit) {
            throw ProtocolException.session(
                    ErrorCode.FLOW_CONTROL_VIOLATION, "bytes up to " + total + " arrived, but credit ends at " + limit);
        }
        long fresh = total - received;
        received = total;
        return fresh;
    }

    public void consumed(long bytes) {
        consumed += bytes;
        if (consumed > received) {
            throw new IllegalStateException(consumed + " bytes consumed of " + received);
        }
    }

    /** Looks at the round that ends now, at most once per round trip, and widens the window where it limited the sender. Times in nanoseconds. */
    public void tune(long now, long roundTrip) {
        if (roundStart == 0) {
            roundStart = now;
            consumedAtRoundStart = consumed;
            return;
        }
        if (now - roundStart < roundTrip) {
            return;
        }
        long inRound = consumed - consumedAtRoundStart;
        // A round that was noticed late says how much was consumed in several: scale it down to one.
        long perRound = (long) (inRound * ((double) roundTrip / (now - roundStart)));
        if (perRound > window / 2) {
            window = Math.min(maxWindow, 2 * perRound);
        }
        roundStart = now;
        consumedAtRoundStart = consumed;
    }

    /** Whether the promise has become stale enough to be worth a frame: a quarter of what the peer may have on its way can be added. */
    public boolean isWorthAnnouncing() {
        long room = holdMax == 0 ? window : Math.min(window, holdMax - held());
        return target() - limit >= Math.max(1, room / 4);
    }

    /** Makes the promise as large as it may be and returns it. */
    public long announce() {
        limit = Math.max(limit, target());
        return limit;
    }

    private long target() {
        if (holdMax == 0) {
            return consumed + window;
        }
        return Math.min(received + window, consumed + holdMax);
    }
}
