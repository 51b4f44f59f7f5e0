package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.FlakyLink;
import holdfast.itest.harness.Json;
import holdfast.itest.harness.PatternClient;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The user says which ways are used and how; both ends keep to it, and what is in reserve is warm and takes over at once. */
class PathChoiceTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int BYTES = 3_000_000;

    /** Two joins, their probes, and what is said of the paths. */
    private static final long FEW_BYTES = 100_000;

    @RegisterExtension
    static final TestBed BED = TestBed.plain().over(3, 7);

    private static List<String> standings(Json session) {
        return session.get("paths").elements().stream()
                .map(each -> each.get("state") + " " + each.get("standing"))
                .sorted()
                .toList();
    }

    private static long passed(FlakyLink link) {
        return Stream.of(FlakyLink.Direction.values()).mapToLong(link::passed).sum();
    }

    @Test
    void aPathInReserveCarriesNothingUntilItIsNeeded() throws Exception {
        FlakyLink active = BED.links().get(0);
        FlakyLink reserve = BED.links().get(1);
        FlakyLink unused = BED.links().get(2);
        int dialedBefore = unused.dialed();
        BED.client().stop();
        BED.client("--path", "@127.0.0.1:" + active.port(), "--path", "@127.0.0.1:" + reserve.port() + "=standby");
        BED.startClient();
        List<String> wanted = List.of("up active", "up standby");
        Await.until(
                "both paths are up", LIMIT, () -> standings(BED.clientStatus()).equals(wanted));
        Await.until(
                "the gateway knows how they are to be used",
                LIMIT,
                () -> BED.gatewayStatus().get("sessions").elements().stream()
                        .anyMatch(each -> standings(each).equals(wanted)));

        try (PatternDestination destination = new PatternDestination();
                PatternClient echo = new PatternClient(BED.socks().connect(destination.address())).beginEcho()) {
            long before = passed(reserve);
            echo.ping(BYTES);
            assertThat(passed(reserve) - before).isLessThan(FEW_BYTES);

            active.stall();
            active.down();
            echo.ping(BYTES);
            assertThat(passed(reserve) - before).isGreaterThan(BYTES);

            active.flow();
            active.up();
            active.cut();
            Await.until(
                    "the active path is back",
                    LIMIT,
                    () -> standings(BED.clientStatus()).equals(wanted));
            before = passed(reserve);
            echo.ping(BYTES);
            assertThat(passed(reserve) - before).isLessThan(FEW_BYTES);
            destination.assertNothingWrong();
        }
        assertThat(unused.dialed()).as("a way that no rule names is not dialed").isEqualTo(dialedBefore);
    }
}
