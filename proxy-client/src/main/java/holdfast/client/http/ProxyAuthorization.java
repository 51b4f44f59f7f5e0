package holdfast.client.http;

import holdfast.client.opening.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** {@code Proxy-Authorization: Basic base64(user:password)} (RFC 7617). */
final class ProxyAuthorization {
    private static final String SCHEME = "basic ";

    private ProxyAuthorization() {}

    /** Whether the header shows the wanted credentials. */
    static boolean shows(@Nullable String header, Credentials wanted) {
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] shown;
        try {
            shown = Base64.getDecoder()
                    .decode(header.substring(SCHEME.length()).trim().getBytes(StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
        int colon = 0;
        while (colon < shown.length && shown[colon] != ':') {
            colon++;
        }
        return colon < shown.length
                && wanted.match(Arrays.copyOf(shown, colon), Arrays.copyOfRange(shown, colon + 1, shown.length));
    }
}
