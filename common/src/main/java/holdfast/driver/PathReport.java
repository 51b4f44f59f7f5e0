package holdfast.driver;

import holdfast.protocol.Destination;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What there is to show of a path.
 *
 * @param id the path's number in its session
 * @param state joining, up or suspect
 * @param standing active, standby or metered
 * @param local this end of its transport connection
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
        SocketAddress local,
        SocketAddress remote,
        long roundTripMicros,
        long bytesPerSecond,
        long sent,
        long received,
        long repeated) {
    /** The same as plain values, for a status answer. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("path", id);
        map.put("state", state);
        map.put("standing", standing);
        map.put("local", describe(local));
        map.put("remote", describe(remote));
        map.put("rtt_ms", roundTripMicros / 1000.0);
        map.put("bytes_per_second", bytesPerSecond);
        map.put("sent", sent);
        map.put("received", received);
        map.put("resent", repeated);
        return map;
    }

    private static String describe(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? new Destination.Ip(inet.getAddress(), inet.getPort()).toString()
                : address.toString();
    }
}
