package holdfast.server.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/** A range of addresses that share their first bits, as {@code 10.0.0.0/8} or {@code fd00::/8} (RFC 4632, RFC 4291 section 2.3). */
public final class Cidr {
    // Three digits at most, no leading zero: some readers take 010 for eight.
    private static final Pattern IP4 = Pattern.compile("((0|[1-9][0-9]{0,2})\\.){3}(0|[1-9][0-9]{0,2})");
    private static final Pattern IP6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:.]{2,45}");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,3}");

    /** {@code ::ffff:0:0/96}, which cannot be read from text: Java takes its addresses for IPv4. */
    static final Cidr MAPPED = new Cidr(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0}, 96);

    private final byte[] network;
    private final int length;

    private Cidr(byte[] network, int length) {
        this.network = network;
        this.length = length;
    }

    /** The range of this one address. */
    static Cidr of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return new Cidr(bytes, bytes.length * 8);
    }

    /**
     * Reads {@code ADDRESS} or {@code ADDRESS/LENGTH}. A mapped IPv4 range is that IPv4 range.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return of(address);
        }
        byte[] bytes = address.getAddress();
        boolean mapped = bytes.length == 4 && text.indexOf(':') >= 0;
        int length =
                length(text, text.substring(slash + 1), mapped ? 128 : bytes.length * 8) - (mapped ? MAPPED.length : 0);
        if (length < 0) {
            throw new IllegalArgumentException("'" + text + "' is wider than all IPv4-mapped addresses, ::ffff:0:0/96");
        }
        Cidr cidr = new Cidr(masked(bytes, length), length);
        if (!Arrays.equals(cidr.network, bytes)) {
            throw new IllegalArgumentException(
                    "'" + text + "' has bits behind its first " + length + ": is " + cidr + " meant?");
        }
        return cidr;
    }

    /**
     * Reads an address; nothing is ever resolved.
     *
     * @throws IllegalArgumentException if it is not one
     */
    static InetAddress address(String text) {
        if (IP4.matcher(text).matches() || IP6.matcher(text).matches()) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("'" + text + "' is not an IP address", e);
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not an IP address");
    }

    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        int whole = length / 8;
        for (int i = 0; i < whole; i++) {
            if (address[i] != network[i]) {
                return false;
            }
        }
        int rest = length % 8;
        return rest == 0 || ((address[whole] ^ network[whole]) & 0xff) >> (8 - rest) == 0;
    }

    boolean isIp4() {
        return network.length == 4;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr that && length == that.length && Arrays.equals(network, that.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + length;
    }

    /** A single address without a length. */
    @Override
    public String toString() {
        String address = text(network);
        return length == network.length * 8 ? address : address + "/" + length;
    }

    /** The address as people write it; IPv6 as RFC 5952 asks for. */
    static String text(byte[] address) {
        return address.length == 4 ? Ip6Text.dotted(address, 0) : Ip6Text.of(address);
    }

    private static int length(String text, String length, int most) {
        if (!LENGTH.matcher(length).matches() || Integer.parseInt(length) > most) {
            throw new IllegalArgumentException(
                    "'" + text + "': the prefix length '" + length + "' is not a number from 0 to " + most);
        }
        return Integer.parseInt(length);
    }

    private static byte[] masked(byte[] address, int length) {
        byte[] network = new byte[address.length];
        for (int bit = 0; bit < length; bit++) {
            network[bit / 8] |= (byte) (address[bit / 8] & (0x80 >> bit % 8));
        }
        return network;
    }
}
