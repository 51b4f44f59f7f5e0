package holdfast.client.door;

import holdfast.client.opening.DoorPolicy;
import holdfast.protocol.Destination;
import java.net.InetSocketAddress;
import java.util.Set;

/** What a listener does with the connections it accepts. */
public sealed interface Service {
    DoorPolicy policy();

    /** The proxy: the first byte of a connection decides what its program speaks. */
    record Proxy(DoorPolicy policy) implements Service {
        @Override
        public String toString() {
            return "proxy";
        }
    }

    /** One destination for every connection, whose program speaks to it from the first byte on ({@code -L}). */
    record Forward(DoorPolicy policy, Destination to) implements Service {
        @Override
        public String toString() {
            return "forward to " + to;
        }
    }

    /**
     * Connections that the kernel turned here; each has its own destination.
     *
     * @param transparent TPROXY: the destination is the local address; else REDIRECT, which remembers it
     * @param gateways where the paths of this client go, which must never come back here
     */
    record Redirected(DoorPolicy policy, boolean transparent, Set<InetSocketAddress> gateways) implements Service {
        public Redirected {
            gateways = Set.copyOf(gateways);
        }

        int port(ListenAddress listener) {
            return listener instanceof ListenAddress.Tcp tcp ? tcp.address().getPort() : -1;
        }

        @Override
        public String toString() {
            return transparent ? "tproxy" : "redirect";
        }
    }
}
