package holdfast.server.policy;

import java.util.Arrays;
import java.util.List;

/** IPv4 addresses inside IPv6 addresses: whoever translates or tunnels the packet brings it to them, so they have to be allowed too. */
final class CarriedIp4 {
    private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
    private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");
    private static final Cidr TEREDO = Cidr.parse("2001::/32");
    private static final Cidr COMPATIBLE = Cidr.parse("::/96");

    private CarriedIp4() {}

    /** The IPv4 addresses that an address carries; none for IPv4 itself and for an ordinary IPv6 address. */
    static List<byte[]> in(byte[] address) {
        if (address.length == 4) {
            return List.of();
        }
        if (COMPATIBLE.contains(address) || NAT64.contains(address) || isIsatap(address)) {
            return List.of(Arrays.copyOfRange(address, 12, 16));
        }
        if (SIX_TO_FOUR.contains(address)) {
            return List.of(Arrays.copyOfRange(address, 2, 6));
        }
        if (TEREDO.contains(address)) {
            // The server's as it is, the client's with every bit turned (RFC 4380 section 4).
            byte[] client = Arrays.copyOfRange(address, 12, 16);
            for (int i = 0; i < client.length; i++) {
                client[i] = (byte) ~client[i];
            }
            return List.of(Arrays.copyOfRange(address, 4, 8), client);
        }
        return List.of();
    }

    /** The IPv4 address of {@code ::ffff:a.b.c.d}: Java converts those, but not on every way an address can be made. Others are returned. */
    static byte[] unmapped(byte[] address) {
        return Cidr.MAPPED.contains(address) ? Arrays.copyOfRange(address, 12, 16) : address;
    }

    /** RFC 5214 section 6.1: an interface identifier 0000:5efe or 0200:5efe and the IPv4 address, behind any prefix. */
    private static boolean isIsatap(byte[] address) {
        return (address[8] & ~0x02) == 0 && address[9] == 0 && address[10] == 0x5e && address[11] == (byte) 0xfe;
    }
}
