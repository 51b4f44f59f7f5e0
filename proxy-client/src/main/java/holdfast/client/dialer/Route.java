package holdfast.client.dialer;

import holdfast.protocol.Destination;
import java.util.Optional;

/**
 * One way to the gateway: by a network interface, or whichever the system picks, or through relays, to one of the gateway's addresses.
 *
 * @param host name or address of the gateway as the invitation gives it
 * @param port TCP port
 * @param via the interface to dial by
 * @param relays names of the relays to go through, the nearest first, with a comma between them; empty for none
 */
public record Route(String host, int port, Optional<LocalInterface> via, String relays) {
    /** From this machine, through no relay. */
    public Route(String host, int port, Optional<LocalInterface> via) {
        this(host, port, via, "");
    }

    /** Whether it leads through relays. */
    public boolean isRelayed() {
        return !relays.isEmpty();
    }

    /** Where it leads to. */
    Destination destination() {
        return Destination.parse(place());
    }

    private String place() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** How a route names this host: an address always in the same form. */
    static String hostOf(Destination to) {
        return to instanceof Destination.Ip ip ? ip.address().getHostAddress() : ((Destination.Name) to).host();
    }

    /** Whether a path on this route makes one on the other superfluous: the same way, with the interface chosen by us or by the system. */
    public boolean succeeds(Route other) {
        return host.equals(other.host)
                && port == other.port
                && relays.equals(other.relays)
                && (via.isEmpty() || other.via.isEmpty());
    }

    @Override
    public String toString() {
        String to = place();
        return isRelayed()
                ? relays + "/" + to
                : via.map(each -> each.name() + ":" + to).orElse(to);
    }
}
