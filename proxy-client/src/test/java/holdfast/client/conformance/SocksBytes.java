package holdfast.client.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The bytes of requests, right and wrong. */
final class SocksBytes {
    static final byte[] NO_LOGIN_GREETING = bytes(5, 1, 0);
    static final byte[] PASSWORD_GREETING = bytes(5, 1, 2);

    static final byte[] IP4_LOOPBACK = bytes(127, 0, 0, 1);
    static final byte[] IP6_LOOPBACK = bytes(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    static final byte[] IP4_LOOPBACK_IN_IP6 = bytes(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1);

    private SocksBytes() {}

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] port(int port) {
        return bytes(port >> 8, port);
    }

    /** VER, CMD, RSV, ATYP 1, address, port. */
    static byte[] request4(int command, byte[] address, int port) {
        return join(bytes(5, command, 0, 1), address, port(port));
    }

    /** VER, CMD, RSV, ATYP 4, address, port. */
    static byte[] request6(int command, byte[] address, int port) {
        return join(bytes(5, command, 0, 4), address, port(port));
    }

    /** VER, CMD, RSV, ATYP 3, length, name, port. */
    static byte[] requestName(int command, byte[] name, int port) {
        return join(bytes(5, command, 0, 3, name.length), name, port(port));
    }

    /** VER 1, length, user, length, password (RFC 1929). */
    static byte[] login(byte[] user, byte[] password) {
        return join(bytes(1, user.length), user, bytes(password.length), password);
    }

    /** VN 4, CD, port, address, user id, NUL. */
    static byte[] socks4(int command, byte[] address, int port, String user) {
        return join(bytes(4, command), port(port), address, text(user), bytes(0));
    }

    /** As {@link #socks4} with 0.0.0.1, and the name behind it. */
    static byte[] socks4a(int command, byte[] name, int port, String user) {
        return join(socks4(command, bytes(0, 0, 0, 1), port, user), name, bytes(0));
    }

    /** A name of exactly so many bytes, whose labels have at most 63. */
    static String nameOf(int length) {
        StringBuilder name = new StringBuilder();
        while (name.length() < length) {
            name.append(name.length() % 64 == 63 ? '.' : 'a');
        }
        if (name.charAt(length - 1) == '.') {
            name.setCharAt(length - 1, 'a');
        }
        return name.toString();
    }
}
