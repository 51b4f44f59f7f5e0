package holdfast.session;

import holdfast.frame.Data;
import holdfast.frame.Frame;
import holdfast.path.Path;
import holdfast.path.PathSelector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One path as the streams see it while it asks for a frame: what may travel on it now (PROTOCOL.md section 7). Streams that send little take the path
 * that is fastest now; one that sends much stays on its home path and uses others too while it has a backlog.
 */
final class Lane {
    /** Unsent bytes from which a stream is striped over further paths. */
    private static final int STRIPE_BACKLOG = 48 * 1024;

    /** How long one frame, and what leaves in one write, may occupy a slow path, in seconds. */
    private static final double FRAME_SECONDS = 0.0025;

    private static final double FLIGHT_SECONDS = 0.005;

    /** What may wait in a path's own queue while others could carry it, in nanoseconds. */
    private static final long MOST_QUEUED = 200_000_000;

    private static final int MIN_PAYLOAD = 1200;

    /** What a packet of 1500 bytes has room for, with TCP's time stamps; and what TLS 1.3 adds to a record. */
    private static final int SEGMENT = 1448;

    private static final int RECORD_OVERHEAD = 22;

    /** What leaves in one write on a path that nobody knows yet, and on one that is fast: beyond that a system call costs little for each byte. */
    private static final int UNKNOWN_FLIGHT = 64 * 1024;

    private static final int MAX_FLIGHT = Data.LONGEST;

    /** 10, 100 and 500 Mbit/s, in bytes a second. */
    private static final long SLOW = 1_250_000;

    private static final long FAST = 12_500_000;
    private static final long VERY_FAST = 62_500_000;

    private static final int SLOW_COMMITMENT = 8 * 1024;
    private static final int UNKNOWN = 16 * 1024;
    private static final int FAST_COMMITMENT = 64 * 1024;
    private static final int VERY_FAST_COMMITMENT = 256 * 1024;

    private final Path<Sent> path;
    private final List<Path<Sent>> usable;
    private final int room;
    private final boolean inUse;
    private final @Nullable Path<Sent> fastest;

    /** @param room bytes that are left of the flight */
    Lane(Path<Sent> path, PathSelector<Sent> selector, int room) {
        this.path = path;
        this.room = room;
        this.usable = selector.usable();
        this.inUse = usable.isEmpty() || usable.contains(path);
        this.fastest = usable.size() > 1 ? selector.fastest(0) : path;
    }

    long pathId() {
        return path.id();
    }

    /** Whether anything of a stream may leave here: not where the path stands back behind others. */
    boolean isInUse() {
        return inUse;
    }

    /** Whether what cannot wait should leave here. */
    boolean isPrompt() {
        return isOnlyChoice() || path == fastest;
    }

    /** Nothing of a stream may overtake its OPEN, so nothing leaves elsewhere until OPEN is acknowledged. */
    boolean mayCarryControl(Flow flow) {
        return flow.wants(Control.OPEN) || followsOpen(flow);
    }

    /** Whether what is bulk has to wait here; what sends little never has to. */
    boolean isFull() {
        return path.isFull();
    }

    /** Something bulky had to wait. */
    void heldBack() {
        path.limit().heldBack();
    }

    boolean mayCarryBytes(Flow flow, long now) {
        if (!mayFollow(flow)) {
            return false;
        }
        if (isOnlyChoice()) {
            return true;
        }
        if (!flow.isBulk(now)) {
            return path == fastest || flow.openPath == path.id();
        }
        if (!isUsable(flow.homePath)) {
            flow.homePath = path.id();
        }
        return flow.homePath == path.id() && !isBehind();
    }

    boolean mayStripe(Flow flow, long now) {
        return !isOnlyChoice()
                && !isBehind()
                && mayFollow(flow)
                && flow.isBulk(now)
                && (flow.stream.send().unsentBytes() >= STRIPE_BACKLOG
                        || flow.stream.send().hasResend());
    }

    /** Whether what is bulk would wait here for so long that the streams stood still, although there are other paths. */
    boolean isBehind() {
        return path.queued() > MOST_QUEUED || path.isBeyondStart();
    }

    /** The longest payload of one frame, so that what is urgent never waits long behind it. */
    int maxPayload(int header) {
        long carried = path.carriedIn(FRAME_SECONDS);
        int longest = carried == Long.MAX_VALUE ? Frame.MAX_LENGTH : Data.LONGEST;
        int most = (int) Math.max(MIN_PAYLOAD, Math.min(longest - Data.MAX_OVERHEAD, carried));
        int fits = room - header;
        return fits >= MIN_PAYLOAD / 2 ? Math.min(most, fits) : most;
    }

    /**
     * What may leave in one write and become one record: the receiver gets nothing of it before it has all. Short ones fill segments of TCP, because
     * every write ends in one that is not full.
     */
    static int flight(Path<Sent> path) {
        long bytes = path.carriedIn(FLIGHT_SECONDS);
        if (bytes >= Frame.MAX_LENGTH) {
            return (int) Math.min(bytes == Long.MAX_VALUE ? UNKNOWN_FLIGHT : MAX_FLIGHT, bytes);
        }
        return (int) Math.max(1, bytes / SEGMENT) * SEGMENT - RECORD_OVERHEAD;
    }

    /** What may wait in the path's transport: by its rate, since what waits there cannot be overtaken. */
    static int commitment(Path<Sent> path) {
        long bytes = path.carriedIn(1);
        if (bytes == Long.MAX_VALUE) {
            return UNKNOWN;
        }
        if (bytes < FAST) {
            return bytes < SLOW ? SLOW_COMMITMENT : UNKNOWN;
        }
        return bytes < VERY_FAST ? FAST_COMMITMENT : VERY_FAST_COMMITMENT;
    }

    void countRepeated(int bytes) {
        path.countRepeated(bytes);
    }

    /** The other paths that streams may use. */
    List<Path<Sent>> others() {
        List<Path<Sent>> others = new ArrayList<>(usable);
        others.remove(path);
        return others;
    }

    /** After how long, in nanoseconds, what another path was given would have arrived by this one as well, had it been sent again when it was late. */
    long overdue(Path<Sent> other) {
        return 2 * other.rtt().minimum(0) + path.rtt().smoothed(0);
    }

    /** Whether bytes of the stream may travel here, its OPEN considered. */
    boolean mayFollow(Flow flow) {
        return !flow.wants(Control.OPEN) && followsOpen(flow);
    }

    private boolean followsOpen(Flow flow) {
        return flow.openAcknowledged || flow.openPath == Flow.NO_PATH || flow.openPath == path.id();
    }

    /** Whether there is no other path to choose. */
    boolean isOnlyChoice() {
        return usable.size() < 2;
    }

    private boolean isUsable(long pathId) {
        for (Path<Sent> each : usable) {
            if (each.id() == pathId) {
                return true;
            }
        }
        return false;
    }
}
