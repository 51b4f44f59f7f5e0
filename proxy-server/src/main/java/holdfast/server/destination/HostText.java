package holdfast.server.destination;

import holdfast.protocol.Destination;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a program wrote as host: an address, or a name fit for a query. Everything in between is refused.
 *
 * <p>Resolvers of operating systems take {@code 127.1}, {@code 0x7f.0.0.1}, {@code 017700000001} and {@code 2130706433} for addresses, each in its
 * own way. They never get to see such text: an address has four decimal numbers without leading zeros, and a name does not end in a number
 * (no top-level domain does).
 */
final class HostText {
    // RFC 1035 section 2.3.4, in characters of the text form.
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;
    private static final int MAX_SHOWN = 80;

    private HostText() {}

    /** The address that the text is, null if it is not written as one. */
    static @Nullable InetAddress address(String host) {
        if (host.indexOf(':') >= 0) {
            return ip6(host);
        }
        byte[] bytes = ip4(host);
        return bytes == null ? null : ofBytes(bytes);
    }

    /** The name of a destination in the form for a query; null if it is an address, however written, or nothing that could be resolved. */
    static @Nullable String nameOf(Destination destination) {
        if (!(destination instanceof Destination.Name name) || address(name.host()) != null) {
            return null;
        }
        try {
            return name(name.host());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * The name in the form for a query.
     *
     * @throws IllegalArgumentException for text that no name can have; the message is for the user
     */
    static String name(String host) {
        String ascii;
        try {
            ascii = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            throw refused(host, "it cannot be written in ASCII");
        }
        String name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        if (name.length() > MAX_NAME) {
            throw refused(host, "it has more than " + MAX_NAME + " characters");
        }
        String[] labels = name.split("\\.", -1);
        for (String label : labels) {
            if (label.isEmpty() || label.length() > MAX_LABEL) {
                throw refused(host, "between its dots are not 1 to " + MAX_LABEL + " characters");
            }
            if (!label.chars().allMatch(HostText::mayStandInName)) {
                throw refused(host, "it has other characters than letters, digits, '-' and '_'");
            }
        }
        if (isNumber(labels[labels.length - 1]) || labels[labels.length - 1].startsWith("-")) {
            throw refused(host, "it ends in a number but is not an IPv4 address of four decimal numbers");
        }
        return ascii;
    }

    private static @Nullable InetAddress ip6(String host) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String text = bracketed ? host.substring(1, host.length() - 1) : host;
        if (text.isEmpty() || !text.chars().allMatch(c -> isHexDigit(c) || c == ':' || c == '.')) {
            return null;
        }
        try {
            // Begins with ':' or a hexadecimal digit and has a ':', so the JDK reads it as IPv6 or fails, and asks
            // nobody.
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static byte @Nullable [] ip4(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            String part = parts[i];
            boolean plain = !part.isEmpty()
                    && part.length() <= 3
                    && part.chars().allMatch(c -> c >= '0' && c <= '9')
                    && (part.length() == 1 || part.charAt(0) != '0');
            int value = plain ? Integer.parseInt(part) : 256;
            if (value > 255) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static InetAddress ofBytes(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static boolean mayStandInName(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static boolean isHexDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static boolean isNumber(String label) {
        boolean hexadecimal = label.startsWith("0x") || label.startsWith("0X");
        String digits = hexadecimal ? label.substring(2) : label;
        return digits.chars().allMatch(c -> hexadecimal ? isHexDigit(c) : c >= '0' && c <= '9');
    }

    private static IllegalArgumentException refused(String host, String why) {
        String shown = host.length() <= MAX_SHOWN ? host : host.substring(0, MAX_SHOWN) + "...";
        return new IllegalArgumentException("'" + shown + "' is not a host name: " + why);
    }
}
