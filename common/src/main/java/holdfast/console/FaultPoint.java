package holdfast.console;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Places in the code at which a test lets the whole process die without a word, as by {@code kill -9}: armed by the system property
 * {@code holdfast.fault=POINT[:N]} (at the N-th time) together with {@code HOLDFAST_TEST_FAULTS=1} in the environment, so that no user comes upon it.
 *
 * <p>Points are {@code connection} (one is being made), {@code tls-done}, and {@code received-TYPE}, {@code polled-TYPE} (about to leave) and
 * {@code sent-TYPE} (written to the transport) with the type of a frame.
 */
public final class FaultPoint {
    private static final @Nullable String POINT = point();

    /** Whether any point is armed; a constant, so that the question costs nothing. */
    public static final boolean ARMED = POINT != null;

    private static final AtomicInteger LEFT = new AtomicInteger(times());
    private static final int KILLED = 137;

    private FaultPoint() {}

    /** Dies here, if this is the point. */
    public static void reach(String point) {
        if (point.equals(name()) && LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    /** The same for a point that belongs to a type of frame. */
    public static void reach(String what, Enum<?> frameType) {
        reach(what + "-" + frameType.name());
    }

    private static String name() {
        return POINT == null ? "" : POINT.split(":", 2)[0];
    }

    private static int times() {
        return POINT != null && POINT.indexOf(':') > 0 ? Integer.parseInt(POINT.substring(POINT.indexOf(':') + 1)) : 1;
    }

    private static @Nullable String point() {
        return "1".equals(System.getenv("HOLDFAST_TEST_FAULTS")) ? System.getProperty("holdfast.fault") : null;
    }
}
