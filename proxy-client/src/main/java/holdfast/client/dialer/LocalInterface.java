package holdfast.client.dialer;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.List;

/**
 * A network interface of this machine, with one of its addresses.
 *
 * @param name the system's name for it
 * @param address an address of it that can be dialed from
 */
public record LocalInterface(String name, InetAddress address) {
    /** Adds an interface that is up, once for each address family it can be dialed from. */
    static void addTo(List<LocalInterface> found, NetworkInterface each) throws SocketException {
        if (each.isLoopback()) {
            return;
        }
        int families = 0;
        for (InetAddress address : Collections.list(each.getInetAddresses())) {
            int family = 1 << (address.getAddress().length / 8);
            if ((families & family) == 0 && !address.isLinkLocalAddress() && !address.isMulticastAddress()) {
                families |= family;
                found.add(new LocalInterface(each.getName(), address));
            }
        }
    }
}
