package holdfast.client.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.fixture.MemoryGateway;
import holdfast.client.fixture.Sites;
import holdfast.client.fixture.TestDoor;
import holdfast.client.opening.OpenMode;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our front door against the whole table. */
final class SocksConformanceTest {
    private static final int ECHO = 7;
    private static final int REFUSED = 1;

    private static final String USER = "alice";
    private static final String PASSWORD = "s\u00e9same, open";

    private static TestDoor open;
    private static TestDoor guarded;

    @BeforeAll
    static void openDoors() {
        open = TestDoor.open(OpenMode.CONFIRM);
        guarded = TestDoor.withPassword(OpenMode.CONFIRM, USER, PASSWORD);
        furnish(open.gateway());
        furnish(guarded.gateway());
    }

    @AfterAll
    static void closeDoors() {
        open.close();
        guarded.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theFrontDoorIsRight(SocksCase each) throws IOException {
        Scene scene = switch (each.need()) {
            case OPEN_SERVER, OUR_GATEWAY -> new Scene(open.address(), ECHO, REFUSED, "", "");
            case PASSWORD_SERVER, OUR_PASSWORD_SERVER -> new Scene(guarded.address(), ECHO, REFUSED, USER, PASSWORD);
        };
        each.script().play(scene);
    }

    /** The way it is run against servers that are not ours. */
    @Test
    void theRunnerPlaysWhatEveryServerCanBeAsked() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        int differences = SocksConformance.run(
                new Scene(guarded.address(), ECHO, REFUSED, USER, PASSWORD),
                new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(differences).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("ok       RFC 1929: ")
                .endsWith(" as expected\n");
    }

    static List<SocksCase> cases() {
        return SocksCases.all();
    }

    private static void furnish(MemoryGateway gateway) {
        for (String host : List.of(
                "127.0.0.1",
                "0.0.0.0",
                "0.0.1.0",
                "[0:0:0:0:0:0:0:1]",
                "localhost",
                "x",
                Scene.LONGEST_NAME,
                Scene.LONGEST_LABEL,
                Scene.FOREIGN_NAME,
                "rooted.test.",
                "under_score.test")) {
            gateway.site(host + ":" + ECHO, Sites.echo());
        }
        for (int port : new int[] {0, 1, 65535}) {
            gateway.site("ports.test:" + port, Sites.echo());
        }
        for (String fault : ReplyCases.FAULTS) {
            gateway.site(ReplyCases.host(fault) + ":" + ECHO, Sites.rejecting(ErrorCode.valueOf(fault)));
        }
        gateway.site(ReplyCases.BREAKING + ":" + ECHO, Sites.breaking());
        gateway.site("from-ip6.test:" + ECHO, stream -> stream.accept(Destination.parse("[2001:db8::7]:9")));
    }
}
