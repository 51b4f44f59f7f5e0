package holdfast.client.dialer;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a network interface has a route to an address, as Linux tells in /proc/net. A socket that is bound to an interface without one would ask for
 * the address on the local link, and sometimes be answered by a neighbour who knows the address by another way: that is no path of its own.
 *
 * <p>Elsewhere every interface is taken to lead everywhere.
 */
final class RoutingTable {
    private static final Path IPV4 = Path.of("/proc/net/route");
    private static final Path IPV6 = Path.of("/proc/net/ipv6_route");
    private static final int UP = 1;
    private static final int REJECT = 0x200;

    private RoutingTable() {}

    /** May block for as long as it takes to read a small file. */
    static boolean leads(String device, InetAddress to) {
        byte[] address = to.getAddress();
        try {
            return address.length == 4
                    ? Files.readAllLines(IPV4).stream().skip(1).anyMatch(line -> leads4(line, device, address))
                    : Files.readAllLines(IPV6).stream().anyMatch(line -> leads6(line, device, address));
        } catch (IOException notLinux) {
            return true;
        }
    }

    /** All routes, as texts that differ if the routes do; empty where the system does not tell. May block for as long as it takes to read two small files. */
    static Set<String> routes() {
        Set<String> routes = new HashSet<>();
        try {
            // Without the columns that count uses.
            Files.readAllLines(IPV4).forEach(line -> routes.add(columns(line, 0, 1, 2, 3, 6, 7)));
            Files.readAllLines(IPV6).forEach(line -> routes.add(columns(line, 0, 1, 4, 5, 8, 9)));
        } catch (IOException notLinux) {
            return routes;
        }
        return routes;
    }

    private static String columns(String line, int... which) {
        List<String> all = List.of(line.trim().split("\\s+", -1));
        return Arrays.stream(which)
                .mapToObj(each -> each < all.size() ? all.get(each) : "")
                .collect(Collectors.joining(" "));
    }

    /** A line is: interface, destination, gateway, flags, ..., mask as the eighth; numbers in hex, addresses in the machine's byte order. */
    static boolean leads4(String line, String device, byte[] address) {
        List<String> fields = List.of(line.trim().split("\\s+"));
        if (fields.size() < 8 || !fields.get(0).equals(device) || !isUsable(fields.get(3))) {
            return false;
        }
        int destination = Integer.reverseBytes(Integer.parseUnsignedInt(fields.get(1), 16));
        int mask = Integer.reverseBytes(Integer.parseUnsignedInt(fields.get(7), 16));
        int asked =
                (address[0] & 0xff) << 24 | (address[1] & 0xff) << 16 | (address[2] & 0xff) << 8 | (address[3] & 0xff);
        return (asked & mask) == destination;
    }

    /** A line is: destination, prefix length, ..., flags as the ninth, interface last; numbers in hex. */
    static boolean leads6(String line, String device, byte[] address) {
        List<String> fields = List.of(line.trim().split("\\s+"));
        if (fields.size() < 10 || !fields.get(9).equals(device) || !isUsable(fields.get(8))) {
            return false;
        }
        byte[] destination = HexFormat.of().parseHex(fields.get(0));
        int prefix = Integer.parseInt(fields.get(1), 16);
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit & 7);
            if ((destination[bit >> 3] & mask) != (address[bit >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUsable(String flags) {
        int bits = Integer.parseUnsignedInt(flags, 16);
        return (bits & UP) != 0 && (bits & REJECT) == 0;
    }
}
