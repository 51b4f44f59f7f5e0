package holdfast.server.destination;

import holdfast.protocol.StreamKind;
import holdfast.server.policy.Verdict;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Whether a user may reach an address; {@link holdfast.server.policy.Policy#check} in the gateway. Any thread. */
@FunctionalInterface
public interface AddressCheck {
    /**
     * The verdict.
     *
     * @param name the name that led to the address, in ASCII; null if the program asked for the address
     */
    Verdict check(String user, StreamKind kind, @Nullable String name, InetAddress address, int port);
}
