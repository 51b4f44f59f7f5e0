package holdfast.client.opening;

import holdfast.client.session.StreamOpener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is the same for every connection of a front door.
 *
 * @param opener opens the streams
 * @param mode when programs are told that their connection stands
 * @param credentials what programs must show; null where everyone who can connect may
 * @param requestTimeout how long a program has to say what it wants
 */
public record DoorPolicy(
        StreamOpener opener, OpenMode mode, @Nullable Credentials credentials, Duration requestTimeout) {
    /** How long a program has by default. */
    public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    public DoorPolicy(StreamOpener opener, OpenMode mode, @Nullable Credentials credentials) {
        this(opener, mode, credentials, REQUEST_TIMEOUT);
    }

    /** As this one, but with another answer to when programs are told. */
    public DoorPolicy withMode(OpenMode other) {
        return new DoorPolicy(opener, other, credentials, requestTimeout);
    }

    /** As this one, but asks for no password. */
    public DoorPolicy withoutCredentials() {
        return new DoorPolicy(opener, mode, null, requestTimeout);
    }
}
