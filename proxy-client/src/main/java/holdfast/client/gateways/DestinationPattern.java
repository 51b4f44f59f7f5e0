package holdfast.client.gateways;

import holdfast.protocol.Destination;
import java.util.Locale;

/**
 * Some of the destinations that programs ask for: by address, for programs that give one, or by name, for those that leave that to the gateway. Nothing is
 * resolved for the comparison, so that a range of addresses never covers a name.
 */
final class DestinationPattern {
    private static final String FORM = "WHAT is ADDRESS[/BITS], NAME, *.NAME or *, with :PORT or :PORT-PORT behind it"
            + " if it is about some ports; an IPv6 address with a port stands in brackets";

    private final String host;
    private final byte[] address;
    private final int bits;
    private final int firstPort;
    private final int lastPort;

    private DestinationPattern(String host, byte[] address, int bits, int firstPort, int lastPort) {
        this.host = host;
        this.address = address;
        this.bits = bits;
        this.firstPort = firstPort;
        this.lastPort = lastPort;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException with what is wrong, for a person
     */
    static DestinationPattern parse(String text) {
        int bracket = text.indexOf(']');
        int colon = text.indexOf(':', Math.max(0, bracket));
        boolean isBareIp6 = bracket < 0 && colon >= 0 && text.indexOf(':', colon + 1) >= 0;
        boolean hasPorts = colon >= 0 && !isBareIp6;
        String what = hasPorts ? text.substring(0, colon) : text;
        int[] ports = hasPorts ? ports(text, text.substring(colon + 1)) : new int[] {0, 65_535};
        int slash = what.indexOf('/');
        if (what.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "': " + FORM);
        }
        String host = (slash < 0 ? what : what.substring(0, slash))
                .replace("[", "")
                .replace("]", "")
                .toLowerCase(Locale.ROOT);
        if (Destination.parse((host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":0") instanceof Destination.Ip ip) {
            byte[] address = ip.address().getAddress();
            int bits = slash < 0 ? address.length * 8 : bits(text, what.substring(slash + 1), address.length * 8);
            return new DestinationPattern("", address, bits, ports[0], ports[1]);
        }
        String name = host.startsWith("*.") ? host.substring(2) : host;
        if (slash >= 0 || name.isEmpty() || (name.indexOf('*') >= 0 && !name.equals("*"))) {
            throw new IllegalArgumentException("'" + text + "': " + FORM);
        }
        return new DestinationPattern(host, new byte[0], 0, ports[0], ports[1]);
    }

    private static int[] ports(String text, String ports) {
        int dash = ports.indexOf('-');
        int first = number(text, dash < 0 ? ports : ports.substring(0, dash), 65_535);
        int last = dash < 0 ? first : number(text, ports.substring(dash + 1), 65_535);
        if (last < first) {
            throw new IllegalArgumentException("'" + text + "': there is no port from " + first + " to " + last);
        }
        return new int[] {first, last};
    }

    private static int bits(String text, String bits, int most) {
        return number(text, bits, most);
    }

    private static int number(String text, String digits, int most) {
        int number = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : -1;
        if (number < 0 || number > most) {
            throw new IllegalArgumentException(
                    "'" + digits + "' in '" + text + "' is not from 0 to " + most + ": " + FORM);
        }
        return number;
    }

    boolean covers(Destination destination) {
        if (destination.port() < firstPort || destination.port() > lastPort) {
            return false;
        }
        if (host.equals("*")) {
            return true;
        }
        if (destination instanceof Destination.Ip ip) {
            return isInRange(ip.address().getAddress());
        }
        return destination instanceof Destination.Name name
                && isNamed(name.host().toLowerCase(Locale.ROOT));
    }

    private boolean isNamed(String asked) {
        String name = asked.endsWith(".") ? asked.substring(0, asked.length() - 1) : asked;
        return host.startsWith("*.") ? name.endsWith(host.substring(1)) : !host.isEmpty() && name.equals(host);
    }

    private boolean isInRange(byte[] other) {
        if (address.length == 0 || other.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((other[bit >> 3] ^ address[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
