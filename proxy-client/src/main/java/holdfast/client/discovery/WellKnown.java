package holdfast.client.discovery;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A page that names gateways, one HOST:PORT a line, {@code #} before comments. */
final class WellKnown {
    static final String PATH = "/.well-known/holdfast";

    private static final int PATIENCE_MILLIS = 5_000;
    private static final int MAX_BYTES = 16_384;

    private WellKnown() {}

    /**
     * The lines there are.
     *
     * @throws IOException that says why there is no page
     */
    static List<Hint> ask(String domain) throws IOException {
        HttpURLConnection page = (HttpURLConnection)
                URI.create("https://" + domain + PATH).toURL().openConnection();
        try {
            page.setConnectTimeout(PATIENCE_MILLIS);
            page.setReadTimeout(PATIENCE_MILLIS);
            // Whoever owns the domain answers for it, and nobody that it points to.
            page.setInstanceFollowRedirects(false);
            int status = page.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("the web server answers " + status);
            }
            try (InputStream in = page.getInputStream()) {
                return read(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
            }
        } finally {
            page.disconnect();
        }
    }

    static List<Hint> read(String text) {
        return text.lines()
                .map(String::strip)
                .filter(each -> !each.isEmpty() && !each.startsWith("#"))
                .limit(Discovery.MAX_HINTS)
                .map(WellKnown::hint)
                .toList();
    }

    private static Hint hint(String line) {
        int colon = line.lastIndexOf(':');
        String port = colon < 0 ? "" : line.substring(colon + 1);
        boolean isPort = port.matches("[0-9]{1,5}");
        return new Hint(
                Discovery.PAGE, colon < 0 ? line : line.substring(0, colon), isPort ? Integer.parseInt(port) : 0, 0);
    }
}
