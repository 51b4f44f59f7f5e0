package holdfast.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.fixture.Program;
import holdfast.client.fixture.TestDoor;
import holdfast.client.opening.OpenMode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OwnPagesTest {
    private TestDoor door;

    @BeforeEach
    void open() {
        door = TestDoor.open(OpenMode.CONFIRM);
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void theFirstPageSaysWhatThisIsAndHowToUseIt() throws IOException {
        assertThat(ask("GET / HTTP/1.1\r\nHost: " + name() + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nContent-Type: text/html; charset=utf-8\r\n")
                .contains("curl -x socks5h://" + name())
                .contains("http://" + name() + "/proxy.pac");
    }

    @Test
    void thePacFileSendsEverythingHereAndLooksNothingUp() throws IOException {
        assertThat(ask("GET /proxy.pac HTTP/1.1\r\nHost: " + name() + "\r\n\r\n"))
                .contains("\r\nContent-Type: application/x-ns-proxy-autoconfig\r\n")
                .contains("return \"PROXY " + name() + "; SOCKS5 " + name() + "\";")
                .doesNotContain("DIRECT")
                .doesNotContain("dnsResolve")
                .doesNotContain("isInNet");
    }

    @Test
    void headTellsTheLengthAndSendsNoBody() throws IOException {
        String page = ask("GET / HTTP/1.1\r\nHost: " + name() + "\r\n\r\n");

        assertThat(ask("HEAD / HTTP/1.1\r\nHost: " + name() + "\r\n\r\n"))
                .isEqualTo(page.substring(0, page.indexOf("\r\n\r\n") + 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost", "127.0.0.1"})
    void theListenerIsNamedByItsAddressOrLocalhost(String host) throws IOException {
        assertThat(ask("GET / HTTP/1.1\r\nHost: " + host + ":" + door.address().getPort() + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: rebound.test:PORT",
                "Host: rebound.test",
                "Host: 127.0.0.1",
                "Host: 127.0.0.1:1",
                "Host: 127.0.0.2:PORT",
                "Host: [::1]:PORT",
                "Host: localhost.:PORT",
                "Host: 127.0.0.1.test:PORT",
                "Host: ",
                "Host: :PORT",
                "X: y"
            })
    void aPageUnderAnotherNameIsNotShown(String host) throws IOException {
        String header = host.replace("PORT", Integer.toString(door.address().getPort()));

        assertThat(ask("GET / HTTP/1.1\r\n" + header + "\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ")
                .doesNotContain("Holdfast");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proxy.pac?x", "/index.html", "//", "/../", "/%2e", "/proxy.pac/"})
    void everythingElseIs404(String path) throws IOException {
        assertThat(ask("GET " + path + " HTTP/1.1\r\nHost: " + name() + "\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"POST /", "PUT /proxy.pac", "DELETE /", "OPTIONS *", "OPTIONS /", "TRACE /", "PATCH /x", "get /"
            })
    void nothingButGetAndHeadIsAllowed(String request) throws IOException {
        assertThat(ask(request + " HTTP/1.1\r\nHost: " + name() + "\r\nContent-Length: 0\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("\r\nAllow: GET, HEAD\r\n");
    }

    @Test
    void aPageIsShownBeforeAnythingElseOnTheConnection() throws IOException {
        String get = "GET / HTTP/1.1\r\nHost: " + name() + "\r\n\r\n";

        assertThat(ask(get + get)).containsOnlyOnce("HTTP/1.1 200 ").contains("\r\nConnection: close\r\n");
    }

    private String name() {
        return "127.0.0.1:" + door.address().getPort();
    }

    private String ask(String request) throws IOException {
        try (Program program = door.program()) {
            return program.says(request).hearsAll();
        }
    }
}
