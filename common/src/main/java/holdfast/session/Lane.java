package holdfast.session;

import holdfast.frame.Data;
import holdfast.path.Path;
import holdfast.path.PathSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One path as the streams see it while it asks for a frame: what may travel on it now (PROTOCOL.md section 7). Streams that send little take the path
 * that is fastest now; one that sends much stays on its home path and uses others too while it has a backlog.
 */
final class Lane {
    /** Unsent bytes from which a stream is striped over further paths. */
    private static final int STRIPE_BACKLOG = 48 * 1024;

    /** How long one frame may occupy a slow path, in seconds. */
    private static final double FRAME_SECONDS = 0.005;

    private static final int MIN_PAYLOAD = 1200;

    private final Path<Sent> path;
    private final List<Path<Sent>> usable;
    private final boolean inUse;
    private final @Nullable Path<Sent> fastest;

    Lane(Path<Sent> path, PathSelector<Sent> selector) {
        this.path = path;
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
        return flow.homePath == path.id();
    }

    boolean mayStripe(Flow flow, long now) {
        return !isOnlyChoice()
                && mayFollow(flow)
                && flow.isBulk(now)
                && (flow.stream.send().unsentBytes() >= STRIPE_BACKLOG
                        || flow.stream.send().hasResend());
    }

    /** The longest payload of one frame, so that what is urgent never waits long behind it. */
    int maxPayload() {
        double perFrame = path.rate().bytesPerSecond(Double.MAX_VALUE) * FRAME_SECONDS;
        return (int) Math.max(MIN_PAYLOAD, Math.min(Data.MAX_PAYLOAD, perFrame));
    }

    void countRepeated(int bytes) {
        path.countRepeated(bytes);
    }

    private boolean mayFollow(Flow flow) {
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
