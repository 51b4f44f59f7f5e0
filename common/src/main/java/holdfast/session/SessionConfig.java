package holdfast.session;

import holdfast.frame.Parameters;
import java.util.Map;

/**
 * What one end of a session allows.
 *
 * @param streamWindow bytes a new stream may be sent before any credit is given
 * @param maxStreamWindow how far a stream's window may grow, in bytes
 * @param sessionWindow bytes all streams together may be sent before any credit is given
 * @param maxSessionWindow how far the session's window may grow, in bytes
 * @param holdMax received bytes that may wait for slow programs, over all streams
 * @param replayMin unacknowledged bytes that are always allowed, over all paths
 * @param replayMax unacknowledged bytes that are never exceeded
 * @param unsentBudget bytes read from local sockets and not yet sent, over all streams
 * @param maxStreams streams the peer may have open at once
 * @param maxPaths paths at once
 * @param holdNanos how long a session without paths is held, in nanoseconds
 */
public record SessionConfig(
        long streamWindow,
        long maxStreamWindow,
        long sessionWindow,
        long maxSessionWindow,
        long holdMax,
        long replayMin,
        long replayMax,
        long unsentBudget,
        long maxStreams,
        int maxPaths,
        long holdNanos) {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long HOUR = 3_600_000_000_000L;

    /** What both ends may assume of each other before HELLO_OK: credit that a client may use right behind HELLO. */
    static final long INITIAL_STREAM_WINDOW = 256 * KIB;

    static final long INITIAL_SESSION_WINDOW = MIB;
    static final long INITIAL_MAX_STREAMS = 1024;

    public SessionConfig {
        // The peer may use the initial limits before it has heard of these.
        requireAtLeast("streamWindow", streamWindow, INITIAL_STREAM_WINDOW);
        requireAtLeast("sessionWindow", sessionWindow, INITIAL_SESSION_WINDOW);
        requireAtLeast("maxStreams", maxStreams, INITIAL_MAX_STREAMS);
        requireAtLeast("maxPaths", maxPaths, 1);
    }

    private static void requireAtLeast(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(what + " of " + value + ": at least " + least + " is needed");
        }
    }

    public static SessionConfig forClient() {
        return new SessionConfig(
                256 * KIB, 16 * MIB, MIB, 32 * MIB, 64 * MIB, 8 * MIB, 64 * MIB, 8 * MIB, 16_384, 8, 24 * HOUR);
    }

    public static SessionConfig forGateway() {
        return new SessionConfig(
                256 * KIB, 16 * MIB, MIB, 32 * MIB, 64 * MIB, 8 * MIB, 16 * MIB, 8 * MIB, 16_384, 8, 24 * HOUR);
    }

    public SessionConfig withHold(long nanos) {
        return new SessionConfig(
                streamWindow,
                maxStreamWindow,
                sessionWindow,
                maxSessionWindow,
                holdMax,
                replayMin,
                replayMax,
                unsentBudget,
                maxStreams,
                maxPaths,
                nanos);
    }

    Parameters parameters() {
        return Parameters.of(Map.of(
                Parameters.STREAM_WINDOW, streamWindow,
                Parameters.SESSION_WINDOW, sessionWindow,
                Parameters.MAX_STREAMS, maxStreams,
                Parameters.HOLD_MILLIS, holdNanos / 1_000_000,
                Parameters.MAX_PATHS, (long) maxPaths));
    }
}
