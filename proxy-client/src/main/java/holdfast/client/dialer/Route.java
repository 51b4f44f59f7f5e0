package holdfast.client.dialer;

import holdfast.protocol.Destination;
import java.util.Optional;

/**
 * One way to the gateway: by a network interface, or whichever the system picks, to one of the gateway's addresses.
 *
 * @param host name or address of the gateway as the invitation gives it
 * @param port TCP port
 * @param via the interface to dial by
 */
public record Route(String host, int port, Optional<LocalInterface> via) {
    /** How a route names this host: an address always in the same form. */
    static String hostOf(Destination to) {
        return to instanceof Destination.Ip ip ? ip.address().getHostAddress() : ((Destination.Name) to).host();
    }

    /** Whether a path on this route makes one on the other superfluous: the same way, with the interface chosen by us or by the system. */
    public boolean succeeds(Route other) {
        return host.equals(other.host) && port == other.port && (via.isEmpty() || other.via.isEmpty());
    }

    @Override
    public String toString() {
        String to = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        return via.map(each -> each.name() + ":" + to).orElse(to);
    }
}
