package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.PatternClient;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.TestBed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gateway listens on many addresses of both families, says so while it runs, and its clients use them all. */
class GatewayAddressesTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SECOND_PORT = Ports.free();
    private static final int SIXTH_PORT = Ports.free();

    @RegisterExtension
    static final TestBed BED =
            TestBed.plain().gateway("--listen", "127.0.0.1:" + SECOND_PORT, "--listen", "[::1]:" + SIXTH_PORT);

    private static List<String> remotes() throws Exception {
        return BED.clientStatus().get("paths").elements().stream()
                .filter(each -> each.get("state").toString().equals("up"))
                .map(each -> each.get("remote").toString())
                .toList();
    }

    @Test
    void clientsHearOfFurtherAddressesAndUseThem() throws Exception {
        String first = "127.0.0.1:" + BED.gatewayPort();
        String second = "127.0.0.1:" + SECOND_PORT;
        try (PatternDestination destination = new PatternDestination();
                PatternClient echo = new PatternClient(BED.socks().connect(destination.address())).beginEcho()) {
            echo.ping(1000);
            assertThat(remotes()).containsExactly(first);

            Path config = BED.gatewayHome().resolve("gateway.toml");
            String text = Files.readString(config);
            Files.writeString(
                    config,
                    text.replaceFirst(
                            "(?m)^addresses = .*$",
                            "addresses = [\"" + first + "\", \"" + second + "\", \"[::1]:" + SIXTH_PORT + "\"]"));

            Await.until(
                    "the client has a path to each address",
                    LIMIT,
                    () -> remotes().size() == 3);
            assertThat(remotes()).contains(first, second).anyMatch(each -> each.endsWith("]:" + SIXTH_PORT));
            BED.client().awaitLog("gateway.address_added", LIMIT);
            echo.ping(1_000_000);

            Files.writeString(config, text);
            BED.client().awaitLog("gateway.address_removed", LIMIT);
            echo.ping(1000);
            destination.assertNothingWrong();
        }
    }
}
