package holdfast.relay;

import io.netty.channel.unix.Errors;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells apart how a socket failed. */
final class SocketErrors {
    private SocketErrors() {}

    /**
     * Whether a write failed because the peer had ended its direction in order before it reset the connection (EPIPE): then what it said is complete,
     * and can still be read. After any other failure the kernel may show a clean end that was none, because the failed write used up the error.
     */
    static boolean isBrokenPipe(@Nullable Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof Errors.NativeIoException e) {
                return e.expectedErr() == Errors.ERRNO_EPIPE_NEGATIVE;
            }
            if (String.valueOf(each.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe")) {
                return true;
            }
        }
        return false;
    }
}
