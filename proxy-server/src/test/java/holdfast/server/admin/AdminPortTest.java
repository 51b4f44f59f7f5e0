package holdfast.server.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import holdfast.console.Counters;
import holdfast.protocol.Destination;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What whoever watches a gateway is shown, and what a web page is not. */
final class AdminPortTest {
    private final Counters counters = new Counters();
    private final AtomicReference<@Nullable String> illness = new AtomicReference<>();

    @Test
    void metricsAreWhatPrometheusReads() throws IOException {
        counters.counter("paths_joined", "paths that came up").add(3);
        counters.now("streams", "streams there are", () -> 7);

        assertThat(ask("GET /metrics HTTP/1.0", "localhost"))
                .startsWith("HTTP/1.1 200 ")
                .contains("Content-type: text/plain; version=0.0.4; charset=utf-8")
                .endsWith("""
                        # HELP holdfast_paths_joined_total paths that came up
                        # TYPE holdfast_paths_joined_total counter
                        holdfast_paths_joined_total 3
                        # HELP holdfast_streams streams there are
                        # TYPE holdfast_streams gauge
                        holdfast_streams 7
                        """);
    }

    @Test
    void healthIsOkUntilSomethingIsWrong() throws IOException {
        assertThat(ask("GET /health HTTP/1.0", "127.0.0.1:9090"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\nok\n");

        illness.set("an event loop has not turned for 7 s");

        assertThat(ask("GET /health HTTP/1.0", "[::1]:9090"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("an event loop has not turned for 7 s\n");
    }

    @Test
    void aWebPageBehindANameThatPointsHereReadsNothing() throws IOException {
        counters.now("streams", "streams there are", () -> 7);

        for (String host : new String[] {"evil.example", "evil.example:9090", "localhost.evil.example", "0.0.0.0"}) {
            assertThat(ask("GET /metrics HTTP/1.0", host))
                    .startsWith("HTTP/1.1 403 ")
                    .doesNotContain("holdfast_");
        }
    }

    @Test
    void nothingCanBeChanged() throws IOException {
        assertThat(ask("POST /metrics HTTP/1.0", "localhost")).startsWith("HTTP/1.1 405 ");
        assertThat(ask("GET /quit HTTP/1.0", "localhost")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void onlyLoopbackIsTaken() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdminPort.requireLoopback((Destination.Ip) Destination.parse("0.0.0.0:9090")))
                .withMessageContaining("0.0.0.0:9090");
    }

    private String ask(String request, String host) throws IOException {
        Destination.Ip address = new Destination.Ip(InetAddress.getLoopbackAddress(), 0);
        try (AdminPort port = AdminPort.open(address, counters, illness::get);
                Socket socket =
                        new Socket(port.address().getAddress(), port.address().getPort())) {
            socket.getOutputStream().write((request + "\r\nHost: " + host + "\r\n\r\n").getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }
}
