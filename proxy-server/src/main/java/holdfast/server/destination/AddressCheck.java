package holdfast.server.destination;

import holdfast.protocol.StreamKind;
import holdfast.server.policy.Verdict;
import java.net.InetAddress;

/** Whether a user may reach an address; {@link holdfast.server.policy.Policy#check} in the gateway. Any thread. */
@FunctionalInterface
public interface AddressCheck {
    Verdict check(String user, StreamKind kind, InetAddress address, int port);
}
