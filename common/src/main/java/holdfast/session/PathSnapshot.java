package holdfast.session;

import holdfast.path.Path;
import java.util.Locale;

/**
 * A path as it is at one moment, for showing it.
 *
 * @param id the path's number in its session
 * @param state joining, up or suspect
 * @param standing active, standby or metered
 * @param roundTripMicros smoothed round-trip time, in microseconds; 0 before the first sample
 * @param bytesPerSecond what acknowledgements showed it carries at best; 0 before the first sample
 * @param sent frame bytes put on it
 * @param received frame bytes that arrived by it
 * @param repeated payload bytes sent on it for the second time
 */
public record PathSnapshot(
        long id,
        String state,
        String standing,
        long roundTripMicros,
        long bytesPerSecond,
        long sent,
        long received,
        long repeated) {
    static PathSnapshot of(Path<?> path) {
        return new PathSnapshot(
                path.id(),
                path.state().name().toLowerCase(Locale.ROOT),
                path.standing().name().toLowerCase(Locale.ROOT),
                path.rtt().smoothed(0) / 1000,
                (long) path.rate().bytesPerSecond(0),
                path.sent(),
                path.received(),
                path.repeated());
    }
}
