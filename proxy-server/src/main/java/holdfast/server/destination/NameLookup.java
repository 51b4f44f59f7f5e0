package holdfast.server.destination;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Asks for the addresses of a name and waits for the answer; {@link InetAddress#getAllByName} in the gateway. Runs on a thread that may wait. */
@FunctionalInterface
public interface NameLookup {
    /**
     * The addresses, one or more, in the order the answer had.
     *
     * @param name a DNS name as {@link HostText} lets through
     * @throws UnknownHostException if there are none, with the reason
     */
    InetAddress[] addressesOf(String name) throws UnknownHostException;
}
