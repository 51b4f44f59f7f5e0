package holdfast.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.fixture.Program;
import holdfast.client.fixture.Sites;
import holdfast.client.fixture.TestDoor;
import holdfast.client.opening.OpenMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyPasswordTest {
    private static final String ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

    private TestDoor door;

    @BeforeEach
    void open() {
        door = TestDoor.withPassword(OpenMode.CONFIRM, "alice", "pass:w\u00f6rd");
        door.gateway().site("site.test:443", Sites.echo()).site("site.test:80", Sites.accepting());
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void theRightPasswordOpensATunnel() throws IOException {
        try (Program program = door.program()) {
            program.says(connect("Basic " + base64("alice:pass:w\u00f6rd")))
                    .hears(ESTABLISHED)
                    .says("hello")
                    .hears("hello");
        }
    }

    @Test
    void theNameOfTheSchemeMayBeWrittenAsOneLikes() throws IOException {
        try (Program program = door.program()) {
            program.says(connect("bAsIc   " + base64("alice:pass:w\u00f6rd"))).hears(ESTABLISHED);
        }
    }

    @Test
    void theRightPasswordLetsARequestThroughAndStaysHere() throws IOException, InterruptedException {
        try (Program program = door.program()) {
            program.says("GET http://site.test/ HTTP/1.1\r\nHost: site.test\r\nProxy-Authorization: Basic "
                    + base64("alice:pass:w\u00f6rd") + "\r\n\r\n");

            assertThat(door.gateway().awaitStream().firstBytes())
                    .isEqualTo("GET / HTTP/1.1\r\nHost: site.test\r\n\r\n");
        }
    }

    @Test
    void withoutAPasswordTheProgramIsAskedForOne() throws IOException {
        for (String request :
                new String[] {"CONNECT site.test:443 HTTP/1.1\r\n\r\n", "GET http://site.test/ HTTP/1.1\r\n\r\n"}) {
            try (Program program = door.program()) {
                assertThat(program.says(request).hearsAll())
                        .startsWith("HTTP/1.1 407 ")
                        .contains("\r\nProxy-Authenticate: Basic realm=\"proxy\", charset=\"UTF-8\"\r\n");
            }
        }
        assertThat(door.gateway().hasNoFurtherStream()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice:wrong",
                "alice:",
                "alice",
                ":",
                "",
                "bob:pass:w\u00f6rd",
                "alice:pass:w\u00f6rd ",
                "alice:pass:word",
                "Alice:pass:w\u00f6rd"
            })
    void aWrongPasswordIsRefused(String shown) throws IOException {
        try (Program program = door.program()) {
            assertThat(program.says(connect("Basic " + base64(shown))).hearsAll())
                    .startsWith("HTTP/1.1 407 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic",
                "Basic ",
                "Basic !!!!",
                "Digest username=alice",
                "Bearer YWxpY2U6cGFzczp3w7ZyZA==",
                "YWxpY2U6cGFzczp3w7ZyZA=="
            })
    void aHeaderThatIsNotBasicIsRefused(String header) throws IOException {
        try (Program program = door.program()) {
            assertThat(program.says(connect(header)).hearsAll()).startsWith("HTTP/1.1 407 ");
        }
    }

    @Test
    void thePacFileNeedsNoPasswordBecauseBrowsersHaveNoneForIt() throws IOException {
        try (Program program = door.program()) {
            String own = "GET /proxy.pac HTTP/1.1\r\nHost: 127.0.0.1:"
                    + door.address().getPort() + "\r\n\r\n";
            assertThat(program.says(own).hearsAll()).startsWith("HTTP/1.1 200 ");
        }
    }

    private static String connect(String authorization) {
        return "CONNECT site.test:443 HTTP/1.1\r\nProxy-Authorization: " + authorization + "\r\n\r\n";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
