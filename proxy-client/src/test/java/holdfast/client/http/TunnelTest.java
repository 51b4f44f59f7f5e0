package holdfast.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.fixture.MemoryStream;
import holdfast.client.fixture.Program;
import holdfast.client.fixture.Sites;
import holdfast.client.fixture.TestDoor;
import holdfast.client.opening.OpenMode;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT. */
final class TunnelTest {
    private static final String ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";
    private static final String CONNECT = "CONNECT site.test:443 HTTP/1.1\r\nHost: site.test:443\r\n\r\n";

    private TestDoor door;

    @BeforeEach
    void open() {
        door = TestDoor.open(OpenMode.CONFIRM);
        door.gateway().site("site.test:443", Sites.echo());
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void aTunnelCarriesBytesBothWaysAndEndsHalfByHalf() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(CONNECT)
                    .hears(ESTABLISHED)
                    .says("\u0016\u0003\u0001 hello")
                    .hears("\u0016\u0003\u0001 hello");
            program.endsItsHalf().hearsTheEnd();
        }

        assertThat(door.gateway().awaitStream().request().destination()).isEqualTo(Destination.parse("site.test:443"));
    }

    @Test
    void whatComesRightBehindTheRequestGoesIntoTheTunnelUnread() throws IOException {
        String behind = "\u0016\u0003\u0001\r\n\r\nGET / HTTP/1.1\r\n\r\n\u0000";
        try (Program program = door.program()) {
            program.says(CONNECT + behind)
                    .hears(ESTABLISHED)
                    .hears(behind)
                    .endsItsHalf()
                    .hearsTheEnd();
        }
    }

    @Test
    void aRequestMayComeByteByByte() throws IOException {
        try (Program program = door.program()) {
            program.saysByteByByte((CONNECT + "early").getBytes(StandardCharsets.US_ASCII))
                    .hears(ESTABLISHED + "early");
        }
    }

    @Test
    void aProgramThatSpeaksHttp10GetsATunnel() throws IOException {
        try (Program program = door.program()) {
            program.says("CONNECT site.test:443 HTTP/1.0\r\n\r\n").hears(ESTABLISHED);
        }
    }

    @Test
    void aTunnelIsOpenedFastWhereThatIsWanted() throws IOException, InterruptedException {
        try (TestDoor fast = TestDoor.open(OpenMode.AUTO)) {
            fast.gateway().site("site.test:443", Sites.silent());
            Program program = fast.program();

            program.says(CONNECT).hears(ESTABLISHED).says("hello");

            assertThat(fast.gateway().awaitStream().awaitReceived("hello")).isEqualTo("hello");
            program.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:443, 127.0.0.1:443",
        "[::1]:443, '[::1]:443'",
        "[2001:DB8::7]:8443, '[2001:db8::7]:8443'",
        "SITE.test:443, site.test:443",
        "site.test.:1, site.test.:1",
    })
    void theDestinationIsWhatTheTargetSays(String target, String destination) throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("CONNECT " + target + " HTTP/1.1\r\n\r\n").hearsUpTo("\r\n\r\n");
        }

        assertThat(door.gateway().awaitStream().request().destination()).isEqualTo(Destination.parse(destination));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "site.test",
                "site.test:",
                ":443",
                "site.test:70000",
                "site.test:-1",
                "site.test:4x3",
                "::1:443",
                "[::1:443",
                "[site.test]:443",
                "/",
                "http://site.test/",
                "a:b:443",
                "\u00ff\u00fe:443"
            })
    void aTargetThatIsNotHostAndPortIsRefusedWith400(String target) throws IOException {
        try (Program program = door.program()) {
            program.says("CONNECT " + target + " HTTP/1.1\r\n\r\n");
            assertThat(program.hearsAll()).startsWith("HTTP/1.1 400 ").endsWith("\n");
        }

        assertThat(door.gateway().hasNoFurtherStream()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
    void aTunnelRequestWithABodyIsRefusedWith400(String header) throws IOException {
        try (Program program = door.program()) {
            program.says("CONNECT site.test:443 HTTP/1.1\r\n" + header + "\r\n\r\n");
            assertThat(program.hearsAll()).startsWith("HTTP/1.1 400 ").contains("CONNECT has no body");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_ALLOWED, 403",
        "CONNECTION_REFUSED, 502",
        "NETWORK_UNREACHABLE, 502",
        "HOST_UNREACHABLE, 502",
        "NAME_NOT_FOUND, 502",
        "GENERAL_FAILURE, 502",
        "CONNECTION_RESET, 502",
        "KIND_NOT_SUPPORTED, 502",
        "LIMIT_REACHED, 503",
        "SESSION_GONE, 503",
        "GATEWAY_UNREACHABLE, 503",
        "TIMED_OUT, 504",
    })
    void aFailureIsToldWithItsStatusAndTheGatewaysWords(ErrorCode code, int status) throws IOException {
        door.gateway().site("site.test:443", Sites.rejecting(code));
        try (Program program = door.program()) {
            program.says(CONNECT);
            assertThat(program.hearsAll())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("\r\nConnection: close\r\n")
                    .contains("\r\n\r\n" + status + " ")
                    .endsWith("the reason in words\n");
        }
    }

    @Test
    void withoutAPathToTheGatewayTheAnswerIs503() throws IOException {
        door.gateway().losePath();
        try (Program program = door.program()) {
            program.says(CONNECT);
            assertThat(program.hearsAll()).startsWith("HTTP/1.1 503 ").endsWith("no path to the gateway\n");
        }
    }

    @Test
    void aTunnelThatBreaksIsReset() throws IOException, InterruptedException {
        door.gateway().site("site.test:443", Sites.accepting());
        try (Program program = door.program()) {
            program.says(CONNECT).hears(ESTABLISHED);
            MemoryStream stream = door.gateway().awaitStream();

            stream.atTheSite(() -> stream.breakOff(ErrorCode.CONNECTION_RESET));

            program.hearsAReset();
        }
    }

    @Test
    void aConnectThatFollowsAnAnsweredRequestGetsItsTunnel() throws IOException, InterruptedException {
        door.gateway().site("site.test:80", Sites.accepting());
        try (Program program = door.program()) {
            program.says("GET http://site.test/ HTTP/1.1\r\n\r\n");
            door.gateway().awaitStream().says("HTTP/1.1 204 No Content\r\n\r\n");
            program.hearsUpTo("\r\n\r\n");

            program.says(CONNECT + "early").hears(ESTABLISHED + "early");
        }
    }

    @Test
    void aConnectThatDoesNotWaitForTheAnswerBeforeItIsRefused() throws IOException, InterruptedException {
        door.gateway().site("site.test:80", Sites.accepting());
        try (Program program = door.program()) {
            program.says("GET http://site.test/ HTTP/1.1\r\n\r\n" + CONNECT + "not HTTP");
            door.gateway().awaitStream().says("HTTP/1.1 204 No Content\r\n\r\n");

            assertThat(program.hearsAll()).startsWith("HTTP/1.1 204 ").contains("HTTP/1.1 400 ");
        }
    }
}
