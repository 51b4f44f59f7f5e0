package holdfast.protocol;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where a program wants to go. One that exists is legal: an address, a name that fits the wire, or a Unix-domain path.
 *
 * <p>Names are carried as they are and never resolved here; only a gateway resolves (PROTOCOL.md section 5).
 */
public sealed interface Destination {
    /** The longest name or path on the wire, in bytes of UTF-8. */
    int MAX_TEXT_BYTES = 255;

    /** The TCP or UDP port, 0 to 65535; 0 for a Unix-domain path. */
    int port();

    /** An IPv4 or IPv6 address. An IPv4-mapped IPv6 address is its IPv4 address. */
    record Ip(InetAddress address, int port) implements Destination {
        public Ip {
            requirePort(port);
            try {
                address = InetAddress.getByAddress(address.getAddress());
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("not an address: " + address, e);
            }
        }

        @Override
        public String toString() {
            String text = address.getHostAddress();
            return (address instanceof Inet6Address ? "[" + text + "]" : text) + ":" + port;
        }
    }

    /** A host name, 1 to 255 bytes of UTF-8 without control characters. */
    record Name(String host, int port) implements Destination {
        public Name {
            requirePort(port);
            requireText("host name", host);
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** A Unix-domain socket, 1 to 255 bytes of UTF-8 without control characters. */
    record Unix(String path) implements Destination {
        public Unix {
            requireText("socket path", path);
        }

        @Override
        public int port() {
            return 0;
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * Reads {@code host:port}, {@code 192.0.2.1:80}, {@code [2001:db8::1]:443}, {@code unix:/path} or {@code /path}.
     *
     * @throws IllegalArgumentException that names the text and what is expected
     */
    static Destination parse(String text) {
        if (text.startsWith("/")) {
            return new Unix(text);
        }
        if (text.startsWith("unix:")) {
            return new Unix(text.substring("unix:".length()));
        }
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("'" + text + "' is not HOST:PORT");
        }
        String host = text.substring(0, colon);
        int port = parsePort(text, text.substring(colon + 1));
        if (host.startsWith("[") && host.endsWith("]")) {
            return new Ip(literal(text, host.substring(1, host.length() - 1)), port);
        }
        if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("'" + text + "': write an IPv6 address as [ADDRESS]:PORT");
        }
        return isIp4Literal(host) ? new Ip(literal(text, host), port) : new Name(host.toLowerCase(Locale.ROOT), port);
    }

    private static InetAddress literal(String text, String address) {
        boolean plausible = !address.isEmpty()
                && address.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.')
                && (address.indexOf(':') >= 0 || isIp4Literal(address));
        try {
            if (plausible) {
                return InetAddress.getByName(address);
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + text + "': '" + address + "' is not an IP address", e);
        }
        throw new IllegalArgumentException("'" + text + "': '" + address + "' is not an IP address");
    }

    /** Whether this is an IPv4 address as four plain decimal numbers: not octal, not hexadecimal, nothing left out. */
    public static boolean isIp4Literal(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            // A leading zero makes a number octal to some and decimal to others; who means an address writes none.
            boolean ambiguous = part.length() > 1 && part.charAt(0) == '0';
            if (part.isEmpty()
                    || ambiguous
                    || part.length() > 3
                    || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return false;
            }
            if (Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    private static int parsePort(String text, String port) {
        try {
            int value = Integer.parseInt(port);
            requirePort(value);
            return value;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "': port '" + port + "' is not a number from 0 to 65535", e);
        }
    }

    private static void requirePort(int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
        }
    }

    private static void requireText(String what, String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > MAX_TEXT_BYTES) {
            throw new IllegalArgumentException(what + " of " + bytes + " bytes: 1 to 255 are allowed");
        }
        if (text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw new IllegalArgumentException(what + " with a control character");
        }
    }
}
