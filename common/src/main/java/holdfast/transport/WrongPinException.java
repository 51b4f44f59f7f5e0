package holdfast.transport;

import holdfast.identity.Pin;
import java.security.cert.CertificateException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gateway proved a key, but not one of those it is known by: it was set up anew, or somebody stands in between. Never retried silently. */
public final class WrongPinException extends CertificateException {
    private static final long serialVersionUID = 1;

    private final transient List<Pin> expected;
    private final transient Pin found;

    WrongPinException(Collection<Pin> expected, Pin found) {
        super("the gateway's key is " + found + ", expected is "
                + String.join(" or ", expected.stream().map(Pin::toString).toList()));
        this.expected = List.copyOf(expected);
        this.found = found;
    }

    /** The pins one of which the gateway should have. */
    public List<Pin> expected() {
        return expected;
    }

    /** The pin it has. */
    public Pin found() {
        return found;
    }

    /** The wrong pin among the causes of a failed handshake, null if it failed for another reason. */
    public static @Nullable WrongPinException in(@Nullable Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof WrongPinException found) {
                return found;
            }
        }
        return null;
    }
}
