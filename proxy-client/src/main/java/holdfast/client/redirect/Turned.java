package holdfast.client.redirect;

import holdfast.protocol.Destination;
import java.net.Inet4Address;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is to be turned where.
 *
 * @param gateways where the client's own paths go; they must be left alone, or they would come back to it
 * @param user whose connections are left alone as well; empty for nobody's
 * @param redirect port of {@code --redirect}
 * @param tproxy port of {@code --tproxy}
 * @param dns port of {@code --dns}
 */
public record Turned(
        List<Destination.Ip> gateways, String user, OptionalInt redirect, OptionalInt tproxy, OptionalInt dns) {
    public Turned {
        gateways = List.copyOf(gateways);
        if (redirect.isPresent() && tproxy.isPresent()) {
            throw new IllegalArgumentException("connections are turned by --redirect or by --tproxy, not by both");
        }
        if (redirect.isEmpty() && tproxy.isEmpty() && dns.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing is to be turned: name the ports with --redirect or --tproxy, and --dns, or set them in client.toml");
        }
    }

    /** Those of one family. */
    List<Destination.Ip> gateways(boolean ip4) {
        return gateways.stream()
                .filter(each -> each.address() instanceof Inet4Address == ip4)
                .toList();
    }
}
