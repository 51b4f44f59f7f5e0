package holdfast.itest.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * An HTTP or HTTPS server in this process.
 *
 * <ul>
 *   <li>{@code GET /bytes/N}: the first N bytes of {@link Pattern} 1
 *   <li>{@code PUT /sum}: answers with the SHA-256 of the body, as hex
 *   <li>{@code /git/...}: the repositories of a folder, see {@link #withGit}
 * </ul>
 */
public final class WebServer implements AutoCloseable {
    private static final int BACKLOG = 1000;
    private static final long SEED = 1;

    private final HttpServer server;

    private WebServer(HttpServer server) {
        this.server = server;
        server.setExecutor(Daemon.THREADS);
        server.createContext("/bytes/", WebServer::sendBytes);
        server.createContext("/sum", WebServer::sum);
        server.start();
    }

    public static WebServer http(InetAddress address) throws IOException {
        return http(address, Ports.free());
    }

    public static WebServer http(InetAddress address, int port) throws IOException {
        return new WebServer(HttpServer.create(new InetSocketAddress(address, port), BACKLOG));
    }

    public static WebServer https(InetAddress address, TestCertificate certificate)
            throws IOException, GeneralSecurityException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(address, Ports.free()), BACKLOG);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        return new WebServer(server);
    }

    /** Serves the git repositories of a folder by git's own CGI program. */
    public WebServer withGit(GitBackend repositories) {
        server.createContext(GitBackend.PATH, repositories);
        return this;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** The SHA-256 of {@code GET /bytes/N}. */
    public static String sumOf(long bytes) throws IOException {
        return Sha256.of(content(bytes));
    }

    /** The bytes of {@code GET /bytes/N}. */
    public static InputStream content(long bytes) {
        return Pattern.stream(SEED, bytes);
    }

    private static void sendBytes(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        long bytes = Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
        exchange.sendResponseHeaders(200, bytes == 0 ? -1 : bytes);
        try (OutputStream out = exchange.getResponseBody()) {
            byte[] block = new byte[64 * 1024];
            InputStream content = content(bytes);
            for (int size = content.read(block); size >= 0; size = content.read(block)) {
                out.write(block, 0, size);
            }
        }
    }

    private static void sum(HttpExchange exchange) throws IOException {
        byte[] answer = (Sha256.of(exchange.getRequestBody()) + "\n").getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, answer.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
