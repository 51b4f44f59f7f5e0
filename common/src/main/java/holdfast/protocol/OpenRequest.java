package holdfast.protocol;

/**
 * What a stream is opened for.
 *
 * @param kind what the acceptor is to make
 * @param destination where to; of a {@link StreamKind#FORWARDED} one where from
 * @param urgency 0 (first) to 7 (last); see PROTOCOL.md, "Scheduling"
 * @param listener the stream whose listener the connection came to, {@link #NO_LISTENER} where it came to none
 */
public record OpenRequest(StreamKind kind, Destination destination, int urgency, long listener) {
    /** The urgency of a stream nobody said anything about. */
    public static final int NORMAL_URGENCY = 3;

    public static final long NO_LISTENER = -1;

    public OpenRequest {
        if (urgency < 0 || urgency > 7) {
            throw new IllegalArgumentException("urgency " + urgency + " is not between 0 and 7");
        }
    }

    public OpenRequest(StreamKind kind, Destination destination, int urgency) {
        this(kind, destination, urgency, NO_LISTENER);
    }

    public static OpenRequest tcp(Destination destination) {
        return of(StreamKind.TCP, destination);
    }

    /** Of normal urgency. */
    public static OpenRequest of(StreamKind kind, Destination destination) {
        return new OpenRequest(kind, destination, NORMAL_URGENCY);
    }

    /** Hands a connection over that came from {@code peer} to the listener of a stream. */
    public static OpenRequest forwarded(Destination peer, long listener) {
        return new OpenRequest(StreamKind.FORWARDED, peer, NORMAL_URGENCY, listener);
    }
}
