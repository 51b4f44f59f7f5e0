package holdfast.client.dialer;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * This machine's network at one moment.
 *
 * @param interfaces those that are up and lead somewhere, once for each address family
 * @param addresses all addresses of all interfaces that are up
 * @param routes the routing table, where the system tells: only to be compared
 */
public record LocalNetwork(List<LocalInterface> interfaces, Set<InetAddress> addresses, Set<String> routes) {
    /** May block. */
    static LocalNetwork look() {
        List<LocalInterface> interfaces = new ArrayList<>();
        Set<InetAddress> addresses = new HashSet<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp()) {
                    addresses.addAll(Collections.list(each.getInetAddresses()));
                    LocalInterface.addTo(interfaces, each);
                }
            }
        } catch (SocketException e) {
            // An interface went away while it was looked at: the next look sees the rest.
            return new LocalNetwork(interfaces, addresses, Set.of());
        }
        return new LocalNetwork(interfaces, addresses, RoutingTable.routes());
    }

    /** Whether a connection from this address can still be answered. */
    public boolean has(InetAddress address) {
        return address.isAnyLocalAddress() || address.isLoopbackAddress() || addresses.contains(address);
    }
}
