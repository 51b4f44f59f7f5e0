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
 * <p>The window grows to twice what was consumed in a round trip, up to its maximum, and for streams as far as the {@link WindowPool} has room
 * (PROTOCOL.md section 8).
 */
public final class ReceiveCredit {
    private final long firstWindow;
    private final long maxWindow;
    private final long holdMax;
    private final WindowPool pool;

    private long window;
    private long lent;
    private boolean ended;
    private long limit;
    private long received;
    private long consumed;

    private long roundStart;
    private long consumedAtRoundStart;

    private ReceiveCredit(long window, long maxWindow, long holdMax, WindowPool pool) {
        this.firstWindow = window;
        this.window = window;
        this.pool = pool;
        this.maxWindow = Math.max(window, maxWindow);
        this.holdMax = holdMax;
        this.limit = window;
    }

    /** Credit of a stream: {@code window} bytes beyond what was consumed, growing up to {@code maxWindow}. */
    public static ReceiveCredit ofStream(long window, long maxWindow) {
        return ofStream(window, maxWindow, WindowPool.unlimited());
    }

    /** The same; what is promised beyond {@code window} comes out of {@code pool}, and returns to it as bytes are consumed and by {@link #end}. */
    public static ReceiveCredit ofStream(long window, long maxWindow, WindowPool pool) {
        return new ReceiveCredit(window, maxWindow, 0, pool);
    }

    /** Credit of a session: {@code window} bytes beyond what was received, but never more than {@code holdMax} held. */
    public static ReceiveCredit ofSession(long window, long maxWindow, long holdMax) {
        return new ReceiveCredit(window, maxWindow, Math.max(holdMax, window), WindowPool.unlimited());
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
        settleLent();
    }

    /** Nothing more than what has arrived can come: the promise of anything else is void. */
    public void end() {
        ended = true;
        settleLent();
    }

    /** Promises no more than at the start until the window has grown again; what was promised holds. */
    public void shrink() {
        window = firstWindow;
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
        long room = holdMax == 0 ? allowedWindow() : Math.min(window, holdMax - held());
        return target() - limit >= Math.max(1, room / 4);
    }

    /** Makes the promise as large as it may be and returns it. */
    public long announce() {
        limit = Math.max(limit, target());
        settleLent();
        return limit;
    }

    private long target() {
        if (holdMax == 0) {
            return consumed + allowedWindow();
        }
        return Math.min(received + window, consumed + holdMax);
    }

    private long allowedWindow() {
        return window <= firstWindow ? window : Math.min(window, firstWindow + pool.allowedTo(lent));
    }

    private void settleLent() {
        long beyond = holdMax == 0 ? Math.max(0, (ended ? received : limit) - consumed - firstWindow) : 0;
        if (beyond != lent) {
            pool.lend(beyond - lent);
            lent = beyond;
        }
    }
}
