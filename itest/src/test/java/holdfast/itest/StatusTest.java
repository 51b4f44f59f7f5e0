package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Json;
import holdfast.itest.harness.PatternClient;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Both programs say how they are, to people and to scripts, and to their owner only; their logs are one event a line and hold no content. */
class StatusTest {
    private static final int UNAVAILABLE = 69;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    static final TestBed BED =
            TestBed.plain().client("--log-format", "json", "-v").gateway("--log-format", "json", "-v");

    @TempDir
    Path folder;

    @Test
    void streamsAndBytesShowAtBothEnds() throws Exception {
        try (PatternDestination destination = new PatternDestination();
                PatternClient one = new PatternClient(BED.socks().connect(destination.address())).beginEcho();
                PatternClient two = new PatternClient(BED.socks()
                                .connect("localhost", destination.address().getPort()))
                        .beginEcho()) {
            one.ping(1_000_000);
            two.ping(1);

            Json client = BED.clientStatus();
            Json gateway = BED.gatewayStatus();

            assertThat(client.get("streams").asLong()).isEqualTo(2);
            assertThat(gateway.get("streams").asLong()).isEqualTo(2);
            Json session = gateway.get("sessions").elements().get(0);
            assertThat(session.get("user")).hasToString("alice");
            assertThat(session.get("session")).hasToString(client.get("session").toString());
            Json path = client.get("paths").elements().get(0);
            assertThat(path.get("state")).hasToString("up");
            assertThat(path.get("sent").asLong()).isGreaterThan(1_000_000);
            assertThat(path.get("received").asLong()).isGreaterThan(1_000_000);
        }
        Await.until(
                "both count no streams",
                LIMIT,
                () -> BED.clientStatus().get("streams").asLong() == 0
                        && BED.gatewayStatus().get("streams").asLong() == 0);
    }

    @Test
    void peopleGetText() throws Exception {
        for (List<String> each : List.of(
                List.of(TestBed.CLIENT.toString(), BED.clientHome().toString()),
                List.of(TestBed.GATEWAY.toString(), BED.gatewayHome().toString()))) {
            Program.Result status =
                    Program.run(each.get(0), "status", "--home", each.get(1)).ok();

            assertThat(status.output()).contains("session", "path", "rtt");
        }
    }

    @Test
    void onlyTheOwnerCanAsk() throws Exception {
        for (Path home : List.of(BED.clientHome(), BED.gatewayHome())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
                    .isEqualTo("rwx------");
            try (var files = Files.list(home)) {
                for (Path file : files.toList()) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .endsWith("------");
                }
            }
        }
    }

    @Test
    void nothingRunningIsSaid() throws Exception {
        Program.Result status = Program.run(TestBed.CLIENT.toString(), "status", "--home", folder.toString());

        assertThat(status.exitCode()).as(status.toString()).isEqualTo(UNAVAILABLE);
        assertThat(status.errors()).contains("run");
    }

    @Test
    void everyLineOfTheLogIsAnEventAndHoldsNoContent() throws Exception {
        String secret = "canary-4711";
        try (PatternDestination destination = new PatternDestination();
                PatternClient echo = new PatternClient(BED.socks().connect(destination.address())).beginEcho()) {
            echo.ping(100);
            echo.socket().getOutputStream().write(secret.getBytes(StandardCharsets.US_ASCII));
            echo.socket().getInputStream().readNBytes(secret.length());
        }
        for (String log : List.of(BED.client().log(), BED.gateway().log())) {
            assertThat(log).doesNotContain(secret);
            // one line is for people, and says the same in any format
            List<String> events =
                    log.lines().filter(line -> !line.contains(": ready,")).toList();
            assertThat(events)
                    .isNotEmpty()
                    .allSatisfy(line ->
                            assertThat(Json.read(line).get("event").toString()).isNotEmpty());
        }
    }
}
