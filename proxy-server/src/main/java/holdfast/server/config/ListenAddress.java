package holdfast.server.config;

import holdfast.protocol.Destination;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where a gateway listens for clients. */
public final class ListenAddress {
    private static final InetAddress EVERYWHERE = everywhere();

    private ListenAddress() {}

    /**
     * Reads {@code ADDRESS:PORT}; the port may be 0 for any free one. {@code [::]} is every address of both families.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Destination.Ip parse(String text) {
        if (Destination.parse(text) instanceof Destination.Ip address) {
            return address;
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not ADDRESS:PORT with an IP address, such as 0.0.0.0:7443 or [::]:7443");
    }

    /** Where to listen so that clients reach these addresses: their ports everywhere, but a loopback address only there. */
    static List<Destination.Ip> defaultFor(List<Destination> addresses) {
        Set<Destination.Ip> listen = new LinkedHashSet<>();
        for (Destination each : addresses) {
            boolean isLoopback =
                    each instanceof Destination.Ip ip && ip.address().isLoopbackAddress();
            listen.add(isLoopback ? (Destination.Ip) each : new Destination.Ip(EVERYWHERE, each.port()));
        }
        // A port that is taken everywhere cannot be taken once more on loopback.
        Set<Integer> everywhere = new LinkedHashSet<>();
        listen.forEach(each -> {
            if (each.address().isAnyLocalAddress()) {
                everywhere.add(each.port());
            }
        });
        return listen.stream()
                .filter(each -> each.address().isAnyLocalAddress() || !everywhere.contains(each.port()))
                .toList();
    }

    private static InetAddress everywhere() {
        try {
            return InetAddress.getByAddress(new byte[16]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen bytes are an address", e);
        }
    }
}
