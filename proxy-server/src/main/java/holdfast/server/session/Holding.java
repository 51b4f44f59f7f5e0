package holdfast.server.session;

import java.time.Duration;
import java.util.Map;

/**
 * How long sessions without a path are kept, and how much they may hold.
 *
 * @param usual of users who are not named
 * @param users of single users
 * @param bytes that all sessions without a path may hold together
 */
public record Holding(Duration usual, Map<String, Duration> users, long bytes) {
    public static final Duration USUAL = Duration.ofHours(24);
    public static final long BYTES = 256_000_000;

    public Holding {
        users = Map.copyOf(users);
        if (bytes <= 0) {
            throw new IllegalArgumentException("sessions without a path need room for more than " + bytes + " bytes");
        }
    }

    /** How long a session of this user is kept. */
    public Duration of(String user) {
        return users.getOrDefault(user, usual);
    }
}
