package holdfast.itest.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Serves git repositories over HTTP by {@code git http-backend}, the CGI program (RFC 3875) that comes with git. */
public final class GitBackend implements HttpHandler {
    static final String PATH = "/git/";
    private static final int LINE_LIMIT = 4096;

    private final Path folder;

    /** @param folder that holds the repositories */
    public GitBackend(Path folder) {
        this.folder = folder;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Tools.require("git"), "http-backend");
        describe(exchange, builder.environment());
        Process backend = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> feed(exchange, backend), Daemon.THREADS);
        try (InputStream answer = backend.getInputStream()) {
            int status = headers(answer, exchange);
            exchange.sendResponseHeaders(status, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                answer.transferTo(body);
            }
        } finally {
            backend.destroy();
            fed.cancel(true);
        }
    }

    private void describe(HttpExchange exchange, Map<String, String> environment) {
        environment.put("GIT_PROJECT_ROOT", folder.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        // a test's repository may belong to another user than the one that runs it
        environment.put("GIT_CONFIG_COUNT", "1");
        environment.put("GIT_CONFIG_KEY_0", "safe.directory");
        environment.put("GIT_CONFIG_VALUE_0", "*");
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("PATH_INFO", exchange.getRequestURI().getPath().substring(PATH.length() - 1));
        environment.put("QUERY_STRING", orEmpty(exchange.getRequestURI().getQuery()));
        environment.put("CONTENT_TYPE", header(exchange, "Content-Type"));
        environment.put("CONTENT_LENGTH", header(exchange, "Content-Length"));
        environment.put("HTTP_CONTENT_ENCODING", header(exchange, "Content-Encoding"));
        environment.put("GIT_PROTOCOL", header(exchange, "Git-Protocol"));
    }

    private static String header(HttpExchange exchange, String name) {
        return orEmpty(exchange.getRequestHeaders().getFirst(name));
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text;
    }

    private static void feed(HttpExchange exchange, Process backend) {
        try (OutputStream in = backend.getOutputStream()) {
            exchange.getRequestBody().transferTo(in);
        } catch (IOException endedWithoutReadingAll) {
            // git then says why, on its standard error
        }
    }

    /** Passes the header lines on and gives the status. */
    private static int headers(InputStream answer, HttpExchange exchange) throws IOException {
        int status = 200;
        for (String line = line(answer); !line.isEmpty(); line = line(answer)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            if (name.equalsIgnoreCase("Status")) {
                status = Integer.parseInt(value.substring(0, 3));
            } else {
                exchange.getResponseHeaders().add(name, value);
            }
        }
        return status;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n' && line.size() < LINE_LIMIT; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.US_ASCII).strip();
    }
}
