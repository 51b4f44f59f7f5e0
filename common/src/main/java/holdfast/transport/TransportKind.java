package holdfast.transport;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.kqueue.KQueue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which interface of the operating system moves the bytes. */
public enum TransportKind {
    /** The best that works here: epoll on Linux, kqueue on macOS and the BSDs, else NIO. */
    AUTO,
    EPOLL,
    KQUEUE,
    /** What every JDK has. It cannot see the reset of a socket it is not reading, and lacks TCP_NOTSENT_LOWAT. */
    NIO;

    /**
     * What this choice means on this machine, never {@link #AUTO}.
     *
     * @throws IllegalStateException that names the cause, where the choice is not available
     */
    public TransportKind resolve() {
        return switch (this) {
            case AUTO -> Epoll.isAvailable() ? EPOLL : KQueue.isAvailable() ? KQUEUE : NIO;
            case EPOLL -> require(Epoll.unavailabilityCause());
            case KQUEUE -> require(KQueue.unavailabilityCause());
            case NIO -> NIO;
        };
    }

    private TransportKind require(@Nullable Throwable unavailable) {
        if (unavailable != null) {
            throw new IllegalStateException(
                    "the " + name().toLowerCase(Locale.ROOT) + " transport was asked for but does not work here: "
                            + unavailable.getMessage(),
                    unavailable);
        }
        return this;
    }
}
