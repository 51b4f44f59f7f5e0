package holdfast.client.conformance;

import holdfast.client.fixture.MemoryGateway;
import holdfast.client.fixture.Sites;
import holdfast.client.fixture.TestDoor;
import holdfast.client.opening.OpenMode;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our front door against the whole table. */
final class SocksConformanceTest {
    private static final int ECHO = 7;
    private static final int REFUSED = 1;

    private static TestDoor door;

    @BeforeAll
    static void open() {
        door = TestDoor.open(OpenMode.CONFIRM);
        furnish(door.gateway());
    }

    @AfterAll
    static void close() {
        door.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theFrontDoorDoes(SocksCase each) throws IOException {
        each.script().play(new Scene(door.address(), ECHO, REFUSED, "", ""));
    }

    static Stream<SocksCase> cases() {
        return SocksCases.all().stream().filter(each -> each.need() != SocksCase.Need.PASSWORD_SERVER);
    }

    private static void furnish(MemoryGateway gateway) {
        for (String host : List.of(
                "127.0.0.1",
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
    }
}
