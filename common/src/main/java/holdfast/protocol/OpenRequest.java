package holdfast.protocol;

/**
 * What a stream is opened for.
 *
 * @param kind what the acceptor is to make
 * @param destination where to
 * @param urgency 0 (first) to 7 (last); see PROTOCOL.md, "Scheduling"
 */
public record OpenRequest(StreamKind kind, Destination destination, int urgency) {
    /** The urgency of a stream nobody said anything about. */
    public static final int NORMAL_URGENCY = 3;

    public OpenRequest {
        if (urgency < 0 || urgency > 7) {
            throw new IllegalArgumentException("urgency " + urgency + " is not between 0 and 7");
        }
    }

    public static OpenRequest tcp(Destination destination) {
        return new OpenRequest(StreamKind.TCP, destination, NORMAL_URGENCY);
    }
}
