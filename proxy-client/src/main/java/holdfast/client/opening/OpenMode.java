package holdfast.client.opening;

import holdfast.protocol.Destination;

/** When a program is told that its connection stands (PROTOCOL.md, "Opening"; the option {@code --open}). */
public enum OpenMode {
    /** {@link #FAST} for host names on ports where the program speaks first, otherwise {@link #CONFIRM}. */
    AUTO,
    /** At once; a failure that shows later is a reset connection. Saves a round trip. */
    FAST,
    /** When the gateway reached the destination or failed to; a failure is told exactly. */
    CONFIRM;

    /** Whether to answer at once. Never without a path: then the failure would be certain to come too late. */
    boolean answersAtOnce(Destination destination, boolean pathUp) {
        return switch (this) {
            case CONFIRM -> false;
            case FAST -> pathUp;
            case AUTO -> pathUp && destination instanceof Destination.Name && programSpeaksFirst(destination.port());
        };
    }

    private static boolean programSpeaksFirst(int port) {
        return port == 80 || port == 443 || port == 8080 || port == 8443;
    }
}
