package holdfast.driver;

import java.net.SocketAddress;

/**
 * What there is to show of a path.
 *
 * @param id the path's number in its session
 * @param state joining, up or suspect
 * @param standing active, standby or metered
 * @param remote the other end of its transport connection
 * @param roundTripMicros smoothed round-trip time, in microseconds; 0 before the first sample
 * @param bytesPerSecond what acknowledgements showed it carries at best; 0 before the first sample
 * @param sent frame bytes put on it
 * @param received frame bytes that arrived by it
 * @param repeated payload bytes sent on it for the second time
 */
public record PathReport(
        long id,
        String state,
        String standing,
        SocketAddress remote,
        long roundTripMicros,
        long bytesPerSecond,
        long sent,
        long received,
        long repeated) {}
