package holdfast.client.http;

import holdfast.client.opening.Destinations;
import holdfast.protocol.Destination;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** What a request asks for, in the four forms of RFC 9112 section 3.2. */
sealed interface RequestTarget {
    /** CONNECT: a tunnel. */
    record Tunnel(Destination destination) implements RequestTarget {}

    /**
     * A request to pass on.
     *
     * @param authority host and port as they were written, for the Host header
     * @param path what to ask the origin for
     */
    record Foreign(Destination destination, String authority, String path) implements RequestTarget {}

    /** A request to the front door itself. */
    record Own(String path) implements RequestTarget {}

    /**
     * Reads the target of a request.
     *
     * @param text as it came, one char per byte
     * @throws HttpRefusal if it is none of the forms, or has a scheme that cannot be passed on
     */
    static RequestTarget parse(HttpMethod method, String text) throws HttpRefusal {
        if (method.equals(HttpMethod.CONNECT)) {
            return new Tunnel(destination(text, -1));
        }
        if (text.startsWith("/") || text.equals("*")) {
            return new Own(text);
        }
        int colon = text.indexOf("://");
        if (colon <= 0) {
            throw new HttpRefusal(
                    HttpResponseStatus.BAD_REQUEST,
                    "A proxy is asked for http://HOST/..., or to CONNECT to HOST:PORT.");
        }
        String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("ws")) {
            throw new HttpRefusal(
                    HttpResponseStatus.NOT_IMPLEMENTED,
                    "Only http is passed on as a request; ask for a tunnel with CONNECT, or use SOCKS.");
        }
        return foreign(method, text.substring(colon + 3));
    }

    private static RequestTarget foreign(HttpMethod method, String rest) throws HttpRefusal {
        int end = 0;
        while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        String authority = rest.substring(rest.lastIndexOf('@', end) + 1, end);
        int fragment = rest.indexOf('#', end);
        String path = rest.substring(end, fragment < 0 ? rest.length() : fragment);
        if (path.isEmpty()) {
            path = method.equals(HttpMethod.OPTIONS) ? "*" : "/";
        } else if (path.startsWith("?")) {
            path = "/" + path;
        }
        return new Foreign(destination(authority, 80), ascii(authority), ascii(path));
    }

    /** @param defaultPort -1 where a port has to be named */
    private static Destination destination(String authority, int defaultPort) throws HttpRefusal {
        int colon = authority.lastIndexOf(':');
        if (colon < authority.lastIndexOf(']')) {
            colon = -1;
        }
        String host = colon < 0 ? authority : authority.substring(0, colon);
        String port = colon < 0 ? "" : authority.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.indexOf(':') >= 0 && !bracketed) {
            throw malformed();
        }
        try {
            Destination destination = Destinations.of(utf8(host), port(port, defaultPort));
            if (bracketed && !(destination instanceof Destination.Ip)) {
                throw malformed();
            }
            return destination;
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw malformed();
        }
    }

    private static int port(String port, int defaultPort) {
        if (port.isEmpty() && defaultPort >= 0) {
            return defaultPort;
        }
        if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("not a port");
        }
        return Integer.parseInt(port);
    }

    private static HttpRefusal malformed() {
        return new HttpRefusal(HttpResponseStatus.BAD_REQUEST, "The destination is not HOST:PORT.");
    }

    private static String utf8(String bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                .toString();
    }

    /** Bytes that have no place in a URI are escaped, as browsers do. */
    private static String ascii(String text) {
        if (text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x20 && c < 0x7f) {
                escaped.append(c);
            } else {
                escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
            }
        }
        return escaped.toString();
    }
}
