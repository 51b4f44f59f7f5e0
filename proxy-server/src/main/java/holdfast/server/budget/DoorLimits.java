package holdfast.server.budget;

/**
 * What all strangers together, and each address, may have of the gateway before it is known who they are.
 *
 * @param start connections without a login at once, from which on some are dropped
 * @param full connections without a login that there are at most
 * @param perSource connections without a login at once from one address (IPv6: /64)
 * @param handshakesPerMinute new connections a minute from one address, over a longer time
 * @param streams streams of all users at once
 */
public record DoorLimits(int start, int full, int perSource, int handshakesPerMinute, int streams) {
    /** The chance to be dropped when there are {@code start} of them, in percent; it rises to 100 at {@code full}. */
    static final int DROP_PERCENT = 30;

    public static final DoorLimits DEFAULT = new DoorLimits(100, 1000, 16, 600, 65_536);

    public DoorLimits {
        if (start > full) {
            throw new IllegalArgumentException(
                    "connections without a login are dropped from " + start + " on, but there are at most " + full);
        }
    }
}
