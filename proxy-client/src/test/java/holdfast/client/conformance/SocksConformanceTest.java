package holdfast.client.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.fixture.MemoryGateway;
import holdfast.client.fixture.Sites;
import holdfast.client.fixture.TestDoor;
import holdfast.client.opening.OpenMode;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.transport.TransportKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /** The doors, open and guarded, on either transport. */
    private static final Map<TransportKind, List<TestDoor>> DOORS = new EnumMap<>(TransportKind.class);

    @BeforeAll
    static void openDoors() {
        for (TransportKind kind : List.of(TransportKind.AUTO, TransportKind.NIO)) {
            DOORS.put(
                    kind, List.of(TestDoor.open(OpenMode.CONFIRM, kind), TestDoor.withPassword(kind, USER, PASSWORD)));
            DOORS.get(kind).forEach(each -> furnish(each.gateway()));
        }
    }

    @AfterAll
    static void closeDoors() {
        DOORS.values().forEach(doors -> doors.forEach(TestDoor::close));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theFrontDoorIsRight(SocksCase each) throws IOException {
        each.script().play(scene(TransportKind.AUTO, each.need()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theFrontDoorIsRightWithoutNativeTransport(SocksCase each) throws IOException {
        each.script().play(scene(TransportKind.NIO, each.need()));
    }

    /** The way it is run against servers that are not ours. */
    @Test
    void theRunnerPlaysWhatEveryServerCanBeAsked() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        int differences = SocksConformance.run(
                scene(TransportKind.AUTO, SocksCase.Need.PASSWORD_SERVER),
                new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(differences).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("ok       RFC 1929: ")
                .endsWith(" as expected\n");
    }

    static List<SocksCase> cases() {
        return SocksCases.all().stream()
                .filter(each -> each.need() != SocksCase.Need.LISTENING_SERVER)
                .toList();
    }

    private static Scene scene(TransportKind kind, SocksCase.Need need) {
        List<TestDoor> doors = Objects.requireNonNull(DOORS.get(kind));
        return switch (need) {
            case OPEN_SERVER, LISTENING_SERVER, OUR_GATEWAY ->
                new Scene(doors.get(0).address(), ECHO, REFUSED, "", "");
            case PASSWORD_SERVER, OUR_PASSWORD_SERVER ->
                new Scene(doors.get(1).address(), ECHO, REFUSED, USER, PASSWORD);
        };
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
        gateway.site("UDP 0.0.0.0:0", Sites.datagramEcho());
        Destination peer = Destination.parse(BindCases.PEER);
        gateway.site("BIND 127.0.0.1:" + ECHO, Sites.calledBy(peer, Sites.echo()));
        gateway.site("BIND " + BindCases.EARLY + ":" + ECHO, Sites.calledEarlyBy(peer, Sites.echo()));
        gateway.site("BIND " + BindCases.GREETING + ":" + ECHO, Sites.calledBy(peer, Sites.greeter("220 hello")));
        gateway.site("BIND " + BindCases.LATE + ":" + ECHO, Sites.acceptingAndBreaking(ErrorCode.TIMED_OUT));
        gateway.site("BIND " + BindCases.CLOSED + ":" + ECHO, Sites.rejecting(ErrorCode.NOT_ALLOWED));
        gateway.site(ReplyCases.BREAKING + ":" + ECHO, Sites.breaking());
        gateway.site("from-ip6.test:" + ECHO, stream -> stream.accept(Destination.parse("[2001:db8::7]:9")));
    }
}
