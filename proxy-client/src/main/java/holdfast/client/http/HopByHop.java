package holdfast.client.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Headers that speak of one connection only and are not passed on (RFC 9110 section 7.6.1). */
final class HopByHop {
    private static final List<String> ALWAYS = List.of(
            "connection", "proxy-connection", "keep-alive", "te", "upgrade", "proxy-authorization", "http2-settings");

    /** A Connection header cannot take these away: they say where a message goes and where it ends. */
    private static final Set<String> NEVER = Set.of("host", "content-length", "transfer-encoding");

    private HopByHop() {}

    /** Removes them, and whatever the Connection header names. Transfer-Encoding stays, because the message is framed in the same way again. */
    static void removeFrom(HttpHeaders headers) {
        for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
            for (String name : value.split(",", -1)) {
                String named = name.trim().toLowerCase(Locale.ROOT);
                if (!named.isEmpty() && !NEVER.contains(named)) {
                    headers.remove(named);
                }
            }
        }
        ALWAYS.forEach(headers::remove);
    }

    /**
     * Whether the body of a message ends where this proxy thinks it ends: with another coding than {@code chunked}, or several, next readers may think
     * otherwise (RFC 9112 sections 6.1 and 6.3). None is asked for: TE is not passed on.
     */
    static boolean bodyIsUnderstood(HttpHeaders headers) {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.isEmpty()
                || (codings.size() == 1 && codings.get(0).trim().equalsIgnoreCase("chunked"));
    }

    /** The protocol that a message wants to change to, or null. HTTP/2 without TLS is not one: its settings belong to the connection that is asked. */
    static @Nullable String upgrade(HttpHeaders headers) {
        String protocol = headers.get(HttpHeaderNames.UPGRADE);
        boolean meant = headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true);
        return protocol == null || !meant || protocol.toLowerCase(Locale.ROOT).startsWith("h2c") ? null : protocol;
    }
}
