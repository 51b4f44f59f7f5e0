package holdfast.client.door;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;

/** Where the front door listens. */
public sealed interface ListenAddress {
    /** Where it listens when nothing is said: port 1080 of this machine alone. */
    ListenAddress DEFAULT = parse("127.0.0.1:1080");

    /** Whether others than this machine's users can connect. */
    boolean isOpenToOthers();

    /** A TCP port of one address, or of all (0.0.0.0 and ::). Port 0 takes any free one. */
    record Tcp(InetSocketAddress address) implements ListenAddress {
        @Override
        public boolean isOpenToOthers() {
            return !address.getAddress().isLoopbackAddress();
        }

        @Override
        public String toString() {
            return NetUtil.toSocketAddressString(address);
        }
    }

    /** A Unix-domain socket, which its file's permissions keep to its owner. */
    record Unix(Path path) implements ListenAddress {
        @Override
        public boolean isOpenToOthers() {
            return false;
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * Reads {@code PORT}, {@code ADDRESS:PORT}, {@code [IPV6]:PORT}, {@code localhost:PORT}, {@code *:PORT}, {@code unix:/path} or {@code /path}.
     *
     * @throws IllegalArgumentException that names the text and what is expected
     */
    static ListenAddress parse(String text) {
        if (text.startsWith("/") || text.startsWith("unix:")) {
            return new Unix(Path.of(text.startsWith("/") ? text : text.substring("unix:".length())));
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        return new Tcp(new InetSocketAddress(address(text, host), port(text, text.substring(colon + 1))));
    }

    private static InetAddress address(String text, String host) {
        String literal = switch (host) {
            case "localhost" -> "127.0.0.1";
            case "", "*" -> "0.0.0.0";
            default -> host;
        };
        boolean bracketed = literal.startsWith("[") && literal.endsWith("]");
        byte[] address = NetUtil.createByteArrayFromIpAddressString(literal);
        if (address == null || bracketed != (address.length == 16)) {
            throw new IllegalArgumentException("'" + text + "': '" + host
                    + "' is not an address to listen at; write 127.0.0.1:PORT, [::1]:PORT, *:PORT or unix:/path");
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + text + "' is not an address", e);
        }
    }

    private static int port(String text, String port) {
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= 65535 && Character.isDigit(port.charAt(0))) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text + "': port '" + port + "' is not a number from 0 to 65535", e);
        }
        throw new IllegalArgumentException("'" + text + "': port '" + port + "' is not a number from 0 to 65535");
    }
}
