package holdfast.server.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import holdfast.console.Counters;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.protocol.Destination;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /metrics} in Prometheus' text format, and {@code /health}, over HTTP on loopback. On a thread of its own, so that it answers when the event
 * loops do not. Only reading; who asks under another name than that of this machine (a web page behind a name that points here) gets nothing.
 */
public final class AdminPort implements Closeable {
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final ExecutorService thread;
    private final Counters counters;
    private final Supplier<@Nullable String> illness;

    private AdminPort(HttpServer server, Counters counters, Supplier<@Nullable String> illness) {
        this.server = server;
        this.counters = counters;
        this.illness = illness;
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread made = new Thread(work, "admin");
            made.setDaemon(true);
            return made;
        });
    }

    /**
     * Lets an address of loopback pass.
     *
     * @throws IllegalArgumentException that says why for any other
     */
    public static Destination.Ip requireLoopback(Destination.Ip address) {
        if (!address.address().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    address + " is no address of loopback: what is shown there is nobody else's business");
        }
        return address;
    }

    /**
     * Starts to answer.
     *
     * @param illness what is wrong with the gateway now, or null
     * @throws FatalException 73 if the address cannot be had
     */
    public static AdminPort open(Destination.Ip address, Counters counters, Supplier<@Nullable String> illness) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(address.address(), address.port()), BACKLOG);
            AdminPort port = new AdminPort(server, counters, illness);
            server.setExecutor(port.thread);
            server.createContext("/", port::answer);
            server.start();
            return port;
        } catch (IOException e) {
            throw new FatalException(
                    ExitCode.CANNOT_CREATE,
                    "cannot listen on " + address + " for --admin: " + e.getMessage() + "; choose another port",
                    e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!OWN_NAMES.contains(hostOf(exchange))) {
                reply(exchange, 403, "ask for localhost\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                reply(exchange, 405, "only GET\n");
            } else {
                switch (exchange.getRequestURI().getPath()) {
                    case "/metrics" -> reply(exchange, 200, metrics());
                    case "/health" -> {
                        String wrong = illness.get();
                        reply(exchange, wrong == null ? 200 : 503, (wrong == null ? "ok" : wrong) + "\n");
                    }
                    default -> reply(exchange, 404, "there are /metrics and /health\n");
                }
            }
        }
    }

    /** The name behind Host, without a port. */
    private static String hostOf(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        return host == null ? "" : host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
    }

    private String metrics() {
        StringBuilder out = new StringBuilder();
        for (Counters.Reading each : counters.readings()) {
            String total = each.kind() == Counters.Kind.TOTAL ? "_total" : "";
            String name = "holdfast_" + each.name() + total;
            out.append("# HELP ")
                    .append(name)
                    .append(' ')
                    .append(each.help().replace("\n", " "))
                    .append('\n');
            out.append("# TYPE ").append(name).append(total.isEmpty() ? " gauge\n" : " counter\n");
            out.append(name).append(' ').append(each.value()).append('\n');
        }
        return out.toString();
    }

    private static void reply(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
