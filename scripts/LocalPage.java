import com.sun.net.httpserver.HttpServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;

/**
 * One page on this machine, and one request for it through a SOCKS proxy: what scripts/quickstart proves itself with.
 *
 * <p>Usage: java LocalPage.java (serves on a free loopback port, which it prints, until it is ended) or java LocalPage.java PROXY-PORT URL (fetches it).
 */
final class LocalPage {
    private static final String TEXT = "Hello from behind the gateway. Holdfast works.\n";
    private static final int LIMIT_MILLIS = 20_000;

    private LocalPage() {}

    public static void main(String... arguments) throws Exception {
        if (arguments.length == 2) {
            fetch(Integer.parseInt(arguments[0]), arguments[1]);
        } else {
            serve();
        }
    }

    private static void serve() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = TEXT.getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        System.out.println(server.getAddress().getPort());
    }

    private static void fetch(int proxyPort, String url) throws Exception {
        Proxy proxy = new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort));
        URLConnection connection = URI.create(url).toURL().openConnection(proxy);
        connection.setConnectTimeout(LIMIT_MILLIS);
        connection.setReadTimeout(LIMIT_MILLIS);
        try (InputStream in = connection.getInputStream()) {
            String got = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (!got.equals(TEXT)) {
                throw new IllegalStateException("another page came back: " + got);
            }
        }
    }
}
