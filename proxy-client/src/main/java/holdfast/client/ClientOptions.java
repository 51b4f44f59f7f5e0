package holdfast.client;

import holdfast.agreement.AcceptRules;
import holdfast.client.config.ClientHome;
import holdfast.client.config.ForwardSpec;
import holdfast.client.config.GatewayProtocol;
import holdfast.client.dialer.PathRule;
import holdfast.client.door.AllowedUsers;
import holdfast.client.door.ListenAddress;
import holdfast.client.gateways.GatewayPlan;
import holdfast.client.opening.Credentials;
import holdfast.client.opening.OpenMode;
import holdfast.transport.TlsProvider;
import holdfast.transport.TransportKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a client needs to serve; everything has been read and checked.
 *
 * @param home for the control socket and the sessions' files
 * @param gateways who it is at which gateways, and which of them is used for what
 * @param accept what the user accepts of gateways
 * @param paths which ways of this machine are used, and how; none means all
 * @param doors where programs find the proxy, at least one
 * @param local forwards of this machine's ports
 * @param remote forwards of the gateway's ports
 * @param turned where the kernel turns connections and questions of programs that know no proxy
 * @param users whose programs may connect where no password is asked for
 * @param open when programs hear that they are connected
 * @param credentials what programs must show; null where everyone who can connect may
 * @param protocol what it speaks with the gateway
 * @param transport never AUTO
 * @param tls never AUTO
 */
record ClientOptions(
        ClientHome home,
        GatewayPlan gateways,
        AcceptRules accept,
        List<PathRule> paths,
        List<ListenAddress> doors,
        List<ForwardSpec.Local> local,
        List<ForwardSpec> remote,
        TurnedPorts turned,
        AllowedUsers users,
        OpenMode open,
        @Nullable Credentials credentials,
        GatewayProtocol protocol,
        TransportKind transport,
        TlsProvider tls) {
    ClientOptions {
        paths = List.copyOf(paths);
        doors = List.copyOf(doors);
        local = List.copyOf(local);
        remote = List.copyOf(remote);
    }
}
