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

/** Requests with an absolute URI, which are passed on. */
final class ProxyRequestTest {
    private static final String GET = "GET http://site.test/page HTTP/1.1\r\nHost: site.test\r\n\r\n";
    private static final String GET_AT_THE_SITE = "GET /page HTTP/1.1\r\nHost: site.test\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private TestDoor door;

    @BeforeEach
    void open() {
        door = TestDoor.open(OpenMode.CONFIRM);
        door.gateway().site("site.test:80", Sites.accepting());
        door.gateway().site("other.test:80", Sites.accepting());
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void aRequestGoesToItsHostAndTheResponseComesBack() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            MemoryStream site = door.gateway().awaitStream();
            assertThat(site.awaitReceived("\r\n\r\n")).isEqualTo(GET_AT_THE_SITE);

            site.says(OK);

            program.hears(OK);
            assertThat(site.request().destination()).isEqualTo(Destination.parse("site.test:80"));
        }
    }

    @Test
    void aRequestAndItsResponseMayComeByteByByte() throws IOException, InterruptedException {
        String post = "POST http://site.test/page HTTP/1.1\r\nHost: site.test\r\nContent-Length: 3\r\n\r\nabc";
        try (Program program = door.program()) {
            program.saysByteByByte(post.getBytes(StandardCharsets.US_ASCII));
            MemoryStream site = door.gateway().awaitStream();
            assertThat(site.awaitReceived("abc")).endsWith("Content-Length: 3\r\n\r\nabc");

            for (int i = 0; i < OK.length(); i++) {
                site.says(OK.substring(i, i + 1));
            }

            program.hears(OK);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://site.test/a?b=c#d, site.test:80, /a?b=c, site.test",
        "http://site.test, site.test:80, /, site.test",
        "http://site.test?q=/x@y, site.test:80, /?q=/x@y, site.test",
        "http://site.test#f, site.test:80, /, site.test",
        "HTTP://Site.Test:8080/, site.test:8080, /, Site.Test:8080",
        "http://site.test:/, site.test:80, /, site.test:",
        "http://me:secret@site.test/x, site.test:80, /x, site.test",
        "http://127.0.0.1:99/x, 127.0.0.1:99, /x, 127.0.0.1:99",
        "http://[::1]/x, '[::1]:80', /x, '[::1]'",
        "http://[2001:db8::7]:99/x, '[2001:db8::7]:99', /x, '[2001:db8::7]:99'",
        "http://site.test/%41//../x;y, site.test:80, /%41//../x;y, site.test",
        "ws://site.test/chat, site.test:80, /chat, site.test",
    })
    void theUriTellsHostAndPath(String uri, String destination, String path, String host)
            throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("GET " + uri + " HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n");

            MemoryStream site = door.gateway().awaitStream();
            assertThat(site.request().destination()).isEqualTo(Destination.parse(destination));
            assertThat(site.firstBytes()).isEqualTo("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        }
    }

    @Test
    void aPathThatIsNotAsciiIsEscaped() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("GET http://site.test/\u00c3\u00a9 HTTP/1.1\r\n\r\n");

            assertThat(door.gateway().awaitStream().firstBytes()).startsWith("GET /%C3%A9 HTTP/1.1\r\n");
        }
    }

    @Test
    void optionsForTheWholeServerAsksForAnAsterisk() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("OPTIONS http://site.test HTTP/1.1\r\n\r\n");

            assertThat(door.gateway().awaitStream().firstBytes()).startsWith("OPTIONS * HTTP/1.1\r\n");
        }
    }

    @Test
    void headersOfTheHopDoNotGoFurther() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("""
                    GET http://site.test/ HTTP/1.1
                    Accept: */*
                    Connection: keep-alive, X-Mine, Host, , Content-Length
                    Proxy-Connection: keep-alive
                    Keep-Alive: timeout=5
                    X-Mine: 1
                    TE: trailers
                    Proxy-Authorization: Basic c2VjcmV0
                    X-Theirs: 2

                    """.replace("\n", "\r\n"));

            assertThat(door.gateway().awaitStream().firstBytes())
                    .isEqualTo("GET / HTTP/1.1\r\nAccept: */*\r\nX-Theirs: 2\r\nHost: site.test\r\n\r\n");
        }
    }

    @Test
    void headersOfTheHopDoNotComeBack() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            door.gateway()
                    .awaitStream()
                    .says(
                            "HTTP/1.1 200 Fine\r\nConnection: X-Mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=9\r\nX-Theirs: 2\r\nContent-Length: 0\r\n\r\n");

            program.hears("HTTP/1.1 200 Fine\r\nX-Theirs: 2\r\nContent-Length: 0\r\n\r\n");
        }
    }

    @Test
    void theNextRequestToTheSameHostGoesTheSameWay() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            MemoryStream site = door.gateway().awaitStream().says(OK);
            program.hears(OK);

            program.says(get("next"));

            assertThat(site.awaitReceived("/next HTTP/1.1\r\nHost: site.test\r\n\r\n"))
                    .startsWith(GET_AT_THE_SITE);
            site.says(OK);
            program.hears(OK);
            assertThat(door.gateway().hasNoFurtherStream()).isTrue();
        }
    }

    @Test
    void theNextRequestToAnotherHostGoesThere() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            MemoryStream first = door.gateway().awaitStream().says(OK);
            program.hears(OK);

            program.says(GET.replace("site.test", "other.test"));

            MemoryStream second = door.gateway().awaitStream();
            assertThat(second.request().destination()).isEqualTo(Destination.parse("other.test:80"));
            first.awaitOver();
            second.says(OK);
            program.hears(OK);
        }
    }

    @Test
    void theNextRequestGetsANewStreamWhereTheHostClosedTheLast() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            MemoryStream first = door.gateway().awaitStream().says(OK);
            program.hears(OK);
            first.ends();

            program.says(GET);

            door.gateway().awaitStream().says(OK);
            program.hears(OK);
        }
    }

    @Test
    void aHostThatWantsToCloseIsNotAskedAgain() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            door.gateway().awaitStream().says("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
            program.hears(OK);

            program.says(GET);

            door.gateway().awaitStream().says(OK);
            program.hears(OK);
        }
    }

    @Test
    void aProgramIsLeftToTryAgainWhenAKeptConnectionTurnsOutToBeDead() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            MemoryStream site = door.gateway().awaitStream().says(OK);
            program.hears(OK);
            program.says(get("next"));
            site.awaitReceived("/next");

            site.ends();

            program.hearsTheEnd();
        }
    }

    @Test
    void requestsThatDoNotWaitAreAnsweredInOrder() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            String post = "POST http://other.test/b HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";
            program.says(GET + post + get("third"));

            door.gateway().awaitStream().says(OK);
            MemoryStream second = door.gateway().awaitStream();
            assertThat(second.awaitReceived("body")).startsWith("POST /b ");
            second.says("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            MemoryStream third = door.gateway().awaitStream();
            assertThat(third.awaitReceived("\r\n\r\n")).startsWith("GET /third ");
            third.says(OK);

            program.hears(OK + "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n" + OK);
        }
    }

    @Test
    void aChunkedBodyIsPassedOnChunked() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("POST http://site.test/ HTTP/1.1\r\nHost: site.test\r\nTransfer-Encoding: chunked\r\n\r\n");
            program.says("5;x=y\r\nhello\r\n");
            MemoryStream site = door.gateway().awaitStream();
            site.awaitReceived("5\r\nhello\r\n");

            program.says("0\r\nX-Sum: 1\r\n\r\n");

            assertThat(site.awaitReceived("X-Sum: 1\r\n\r\n"))
                    .isEqualTo(
                            "POST / HTTP/1.1\r\nHost: site.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n");
            site.says(OK);
            program.hears(OK);
        }
    }

    @Test
    void aChunkedResponseIsPassedBackChunked() throws IOException, InterruptedException {
        String response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n";
        try (Program program = door.program()) {
            program.says(GET);
            MemoryStream site = door.gateway().awaitStream().says(response);
            program.hears(response);

            program.says(get("next"));
            site.awaitReceived("/next");
            site.says(OK);
            program.hears(OK);
        }
    }

    @Test
    void aBodyThatEndsWithTheConnectionIsChunkedForTheProgram() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            MemoryStream site = door.gateway().awaitStream().says("HTTP/1.1 200 OK\r\n\r\nhello");
            program.hears("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");

            site.ends();

            program.hears("0\r\n\r\n");
            program.says(GET);
            door.gateway().awaitStream().says(OK);
            program.hears(OK);
        }
    }

    @Test
    void aBodyThatBreaksOffIsNotTakenForComplete() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            MemoryStream site = door.gateway().awaitStream().says("HTTP/1.1 200 OK\r\n\r\nhello");
            program.hears("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");

            site.atTheSite(() -> site.breakOff(ErrorCode.CONNECTION_RESET));

            program.hearsAReset();
        }
    }

    @Test
    void aBodyThatEndsBeforeItsLengthIsNotTakenForComplete() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            MemoryStream site =
                    door.gateway().awaitStream().says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
            program.hears("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");

            site.ends();

            program.hearsAReset();
        }
    }

    @Test
    void aMalformedChunkIsNotTakenForTheEnd() throws IOException, InterruptedException {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (Program program = door.program()) {
            program.says(GET);
            MemoryStream site = door.gateway().awaitStream().says(head);
            program.hears(head);

            site.says("zz\r\n");

            program.hearsAReset();
        }
    }

    @Test
    void headAndEmptyResponsesHaveNoBodyWhateverTheirHeadersSay() throws IOException, InterruptedException {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
        String unchanged = "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n";
        String nothing = "HTTP/1.1 204 No Content\r\n\r\n";
        try (Program program = door.program()) {
            program.says(get("1").replace("GET", "HEAD"));
            MemoryStream site = door.gateway().awaitStream();
            site.awaitReceived("/1");
            site.says(head);
            program.hears(head).says(get("2"));
            site.awaitReceived("/2");
            site.says(unchanged);
            program.hears(unchanged).says(get("3"));
            site.awaitReceived("/3");
            site.says(nothing);
            program.hears(nothing).says(get("4"));
            site.awaitReceived("/4");
            site.says(OK);
            program.hears(OK);
        }
    }

    @Test
    void aProgramThatAsksFirstIsToldToContinueByTheHost() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(
                    "PUT http://site.test/ HTTP/1.1\r\nHost: site.test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            MemoryStream site = door.gateway().awaitStream();
            assertThat(site.awaitReceived("\r\n\r\n")).contains("Expect: 100-continue");

            site.says("HTTP/1.1 100 Continue\r\n\r\n");
            program.hears("HTTP/1.1 100 Continue\r\n\r\n").says("body");
            site.awaitReceived("\r\n\r\nbody");
            site.says(OK);

            program.hears(OK);
        }
    }

    @Test
    void aHostMayRefuseBeforeTheBodyCame() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("PUT http://site.test/ HTTP/1.1\r\nContent-Length: 4000\r\nExpect: 100-continue\r\n\r\n");

            door.gateway().awaitStream().says("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");

            assertThat(program.hearsAll())
                    .isEqualTo("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    }

    @Test
    void informationBeforeTheResponseIsPassedBack() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            door.gateway().awaitStream().says("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK);

            program.hears("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK);
        }
    }

    @Test
    void aProgramThatSpeaksHttp10GetsWhatItUnderstands() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("GET http://site.test/page HTTP/1.0\r\n\r\n");
            MemoryStream site = door.gateway().awaitStream();
            assertThat(site.awaitReceived("\r\n\r\n")).isEqualTo(GET_AT_THE_SITE);

            site.says(
                    "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");

            assertThat(program.hearsAll()).isEqualTo("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok");
        }
    }

    @Test
    void aProgramThatSpeaksHttp10MayKeepItsConnection() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("GET http://site.test/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            MemoryStream site = door.gateway().awaitStream().says(OK);
            program.hears("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok");

            program.says("GET http://site.test/next HTTP/1.0\r\n\r\n");
            site.awaitReceived("/next");
            site.says(OK);

            assertThat(program.hearsAll())
                    .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        }
    }

    @Test
    void aProgramThatWantsToCloseIsLetGoBehindTheResponse() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("GET http://site.test/ HTTP/1.1\r\nConnection: close\r\n\r\n");
            door.gateway().awaitStream().says(OK);

            assertThat(program.hearsAll())
                    .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        }
    }

    @Test
    void aProgramThatEndedItsHalfHearsTheResponse() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET).endsItsHalf();
            door.gateway().awaitStream().says(OK);

            assertThat(program.hearsAll()).isEqualTo(OK);
        }
    }

    @Test
    void aWebSocketIsPassedThrough() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(
                    "GET http://site.test/chat HTTP/1.1\r\nHost: site.test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n");
            MemoryStream site = door.gateway().awaitStream();
            assertThat(site.awaitReceived("\r\n\r\n")).contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");

            site.says(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n\u0081\u0005hello");

            program.hears(
                    "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\u0081\u0005hello");
            program.says("\u0081\u0085\u0000GET / HTTP/1.1\r\n\r\n");
            site.awaitReceived("\u0081\u0085\u0000GET / HTTP/1.1\r\n\r\n");
            site.says("more");
            program.hears("more").endsItsHalf();
            site.ends();
            program.hearsTheEnd();
            site.awaitOver();
        }
    }

    @Test
    void aHostMayDeclineToUpgrade() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("GET http://site.test/chat HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            MemoryStream site = door.gateway().awaitStream().says(OK);
            program.hears(OK).says(get("next"));
            site.awaitReceived("/next");
            site.says(OK);
            program.hears(OK);
        }
    }

    @Test
    void http2WithoutTlsIsNotAskedFor() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(
                    "GET http://site.test/ HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n");

            assertThat(door.gateway().awaitStream().firstBytes())
                    .isEqualTo("GET / HTTP/1.1\r\nHost: site.test\r\n\r\n");
        }
    }

    @Test
    void aChangeOfProtocolThatNobodyAskedForIsAnError() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            door.gateway()
                    .awaitStream()
                    .says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nbytes");

            assertThat(program.hearsAll()).startsWith("HTTP/1.1 502 ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_ALLOWED, 403",
        "CONNECTION_REFUSED, 502",
        "NAME_NOT_FOUND, 502",
        "GATEWAY_UNREACHABLE, 503",
        "TIMED_OUT, 504",
    })
    void aFailureIsToldWithItsStatusAndTheGatewaysWords(ErrorCode code, int status) throws IOException {
        door.gateway().site("site.test:80", Sites.rejecting(code));
        try (Program program = door.program()) {
            program.says(GET);
            assertThat(program.hearsAll())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .endsWith("the reason in words\n");
        }
    }

    @Test
    void withoutAPathToTheGatewayTheAnswerIs503() throws IOException {
        door.gateway().losePath();
        try (Program program = door.program()) {
            program.says(GET);
            assertThat(program.hearsAll()).startsWith("HTTP/1.1 503 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: y"
            })
    void aHostThatDoesNotSpeakHttpIsToldAs502(String answer) throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says(GET);
            door.gateway().awaitStream().says(answer).ends();

            assertThat(program.hearsAll()).startsWith("HTTP/1.1 502 ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://site.test/, 501",
        "ftp://site.test/, 501",
        "site.test, 400",
        "site.test:80, 400",
        "://site.test/, 400",
        "http:///path, 400",
        "http://:80/, 400",
        "http://site.test:x/, 400",
        "http://site.test:99999/, 400",
        "http://[::1/, 400",
        "http://a:b:80/, 400",
    })
    void aTargetThatCannotBePassedOnIsRefused(String target, int status) throws IOException {
        try (Program program = door.program()) {
            program.says("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(program.hearsAll()).startsWith("HTTP/1.1 " + status + " ");
        }
        assertThat(door.gateway().hasNoFurtherStream()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\r\n\r\n",
                "GET http://site.test/\r\n\r\n",
                "GET http://site.test/ HTTP/1.1\r\nno colon\r\n\r\n",
                "GET http://site.test/ HTTP/1.1\r\nX\u0000: y\r\n\r\n",
                "GET http://site.test/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "POST http://site.test/ HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST http://site.test/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                "POST http://site.test/ HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST http://site.test/ HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
                "POST http://site.test/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void aMalformedRequestIsRefusedWith400(String request) throws IOException {
        try (Program program = door.program()) {
            program.says(request);
            assertThat(program.hearsAll()).startsWith("HTTP/1.1 400 ");
        }
        assertThat(door.gateway().hasNoFurtherStream()).isTrue();
    }

    @Test
    void aMalformedChunkOfARequestIsRefused() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("POST http://site.test/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
            assertThat(program.hearsAll()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void whatIsTooLongIsRefused() throws IOException {
        try (Program program = door.program()) {
            program.says("GET http://site.test/" + "x".repeat(17_000) + " HTTP/1.1\r\n\r\n");
            assertThat(program.hearsAll()).startsWith("HTTP/1.1 414 ");
        }
        try (Program program = door.program()) {
            program.says("GET http://site.test/ HTTP/1.1\r\nX: " + "x".repeat(70_000) + "\r\n\r\n");
            assertThat(program.hearsAll()).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void http2IsRefusedWith505() throws IOException {
        try (Program program = door.program()) {
            program.says("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertThat(program.hearsAll()).startsWith("HTTP/1.1 505 ");
        }
    }

    @Test
    void aLargeUploadWaitsForTheStreamAndArrivesWhole() throws IOException, InterruptedException {
        String body = "0123456789abcdef".repeat(1 << 16) + "END";
        try (Program program = door.program()) {
            program.says("POST http://site.test/ HTTP/1.1\r\nContent-Length: " + body.length() + "\r\n\r\n");
            program.says(body + GET);
            MemoryStream site = door.gateway().awaitStream();

            assertThat(site.awaitReceived("END")).contains("\r\n\r\n" + body);
            site.says(OK);
            program.hears(OK);
            assertThat(site.awaitReceived(GET_AT_THE_SITE)).endsWith(body + GET_AT_THE_SITE);
        }
    }

    @Test
    void aLargeDownloadReturnsItsCreditAsItLeaves() throws IOException, InterruptedException {
        String body = "0123456789abcdef".repeat(1 << 20);
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n";
        try (Program program = door.program()) {
            program.says(GET);
            MemoryStream site = door.gateway().awaitStream();
            site.atTheSite(() -> {
                site.say(head);
                for (int i = 0; i < body.length(); i += 16_384) {
                    site.say(body.substring(i, i + 16_384));
                }
            });
            assertThat(site.consumed()).isLessThan(body.length());

            program.hears(head + body).says(get("next"));
            site.awaitReceived("/next");
            site.says(OK);
            program.hears(OK);

            assertThat(site.consumed()).isEqualTo(head.length() + body.length() + OK.length());
        }
    }

    @Test
    void aProgramThatVanishesGivesItsStreamUp() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("POST http://site.test/ HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf");
            MemoryStream site = door.gateway().awaitStream();
            site.awaitReceived("half");

            program.vanishes();

            site.awaitOver();
            assertThat(site.resetCode()).isEqualTo(ErrorCode.CANCELLED);
        }
    }

    private static String get(String page) {
        return GET.replace("page", page);
    }
}
