package holdfast.server.listen;

import holdfast.protocol.Destination;
import holdfast.protocol.StreamKind;
import holdfast.server.policy.Grants;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Ports;
import holdfast.server.policy.Verb;
import holdfast.server.policy.Verdict;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Where users may listen at the gateway; nowhere unless a rule says so. Any thread. */
public final class ListenPolicy {
    private final Supplier<Policy> policy;
    private final Grants grants;

    /**
     * A view of the policy.
     *
     * @param policy the one in force whenever it is asked for
     * @param grants where listeners stay known, so that those end that a later policy does not allow
     */
    public ListenPolicy(Supplier<Policy> policy, Grants grants) {
        this.policy = policy;
        this.grants = grants;
    }

    /**
     * Somebody listens there now.
     *
     * @param withdrawn told, on any thread, when that is not allowed any more
     */
    Grants.Grant hold(String user, StreamKind kind, Destination at, Runnable withdrawn) {
        return grants.hold(question(user, kind, at), verdict -> withdrawn.run());
    }

    private static Function<Policy, Verdict> question(String user, StreamKind kind, Destination at) {
        if (at instanceof Destination.Unix unix) {
            return now -> now.path(user, Verb.LISTEN, unix.path());
        }
        Destination.Ip ip = (Destination.Ip) at;
        return now -> now.check(user, kind, ip.address(), ip.port());
    }

    /**
     * Whether the user may listen at this address.
     *
     * @param kind {@link StreamKind#BIND} or {@link StreamKind#LISTEN}
     * @param port 0 for any one of {@link #ports}
     */
    Verdict check(String user, StreamKind kind, InetAddress address, int port) {
        return policy.get().check(user, kind, address, port);
    }

    /** The ports the user may listen at on this address, if {@link #check} does not say otherwise of one; empty if at none. */
    List<Ports> ports(String user, StreamKind kind, InetAddress address) {
        return policy.get().ports(user, kind == StreamKind.BIND ? Verb.BIND : Verb.LISTEN, address);
    }

    /** Whether the user may listen at a Unix-domain socket with this path. */
    Verdict checkPath(String user, String path) {
        return policy.get().path(user, Verb.LISTEN, path);
    }

    /** The gateway's addresses; some may turn out to be none. */
    List<InetAddress> ownAddresses() {
        return policy.get().ownAddresses();
    }
}
