package holdfast.client.dialer;

import java.util.Optional;

/**
 * One way to the gateway: by a network interface, or whichever the system picks, to one of the gateway's addresses.
 *
 * @param host name or address of the gateway as the invitation gives it
 * @param port TCP port
 * @param via the interface to dial by
 */
public record Route(String host, int port, Optional<LocalInterface> via) {
    @Override
    public String toString() {
        String to = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        return via.map(each -> each.name() + ":" + to).orElse(to);
    }
}
