package holdfast.client.dialer;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A network interface of this machine, with one of its addresses.
 *
 * @param name the system's name for it
 * @param address an address of it that can be dialed from
 */
public record LocalInterface(String name, InetAddress address) {
    /** Every interface that is up and leads somewhere, once for each address family. May block. */
    static List<LocalInterface> all() {
        List<LocalInterface> found = new ArrayList<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp() && !each.isLoopback()) {
                    addFamilies(each, found);
                }
            }
        } catch (SocketException e) {
            // An interface went away while it was looked at: the next look sees the rest.
            return found;
        }
        return found;
    }

    private static void addFamilies(NetworkInterface each, List<LocalInterface> found) {
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
