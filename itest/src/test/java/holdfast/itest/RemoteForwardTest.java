package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What connects to a port of the gateway comes out at the client: at one place, or wherever it says by SOCKS; over broken paths and new sessions. */
class RemoteForwardTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int BYTES = 2_000_000;
    private static final int TO_WEB = Ports.free();
    private static final int TO_ECHO = Ports.free();
    private static final int SOCKS = Ports.free();
    private static final int CLOSED = Ports.free();

    private static final WebServer WEB = web();
    private static final EchoDestination ECHO = echo();

    @RegisterExtension
    static final TestBed BED = TestBed.plain()
            .over(1, 5)
            .gateway("--allow-listen", "127.0.0.1:" + TO_WEB + "," + TO_ECHO + "," + SOCKS)
            .client("-R", TO_WEB + ":localhost:" + WEB.port())
            .client("-R", "127.0.0.1:" + TO_ECHO + ":127.0.0.1:" + ECHO.port())
            .client("-R", String.valueOf(SOCKS))
            .client("-R", CLOSED + ":127.0.0.1:" + WEB.port());

    @AfterAll
    static void stopServers() throws IOException {
        WEB.close();
        ECHO.close();
    }

    @Test
    void curlFetchesFromAServerBehindTheClient() throws Exception {
        awaitListening(TO_WEB);

        assertThat(sumOf("http://127.0.0.1:" + TO_WEB + "/bytes/" + BYTES)).isEqualTo(WebServer.sumOf(BYTES));
    }

    @Test
    void curlFetchesThroughASocksProxyAtTheGateway() throws Exception {
        awaitListening(SOCKS);

        for (String scheme : new String[] {"socks5h", "socks5", "socks4", "socks4a"}) {
            assertThat(sumOf(
                            "-x",
                            scheme + "://127.0.0.1:" + SOCKS,
                            "http://localhost:" + WEB.port() + "/bytes/" + BYTES))
                    .as(scheme)
                    .isEqualTo(WebServer.sumOf(BYTES));
        }
    }

    @Test
    void aPortThatNobodyHasAllowedIsToldAndNothingElseSuffers() throws Exception {
        BED.client().awaitLog("forward.refused.*" + CLOSED + ".*allow-listen", LIMIT);

        assertThat(isListening(CLOSED)).isFalse();
        awaitListening(TO_ECHO);
    }

    @Test
    void aConnectionSurvivesTheLossOfItsPath() throws Exception {
        awaitListening(TO_ECHO);
        try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), TO_ECHO)) {
            caller.setSoTimeout((int) LIMIT.toMillis());
            requireEcho(caller, "before");

            BED.link().cut();

            requireEcho(caller, "after");
        }
    }

    @Test
    void aNewSessionHasTheListenersToo() throws Exception {
        awaitListening(TO_ECHO);

        BED.client().kill();
        Await.until(
                "the old session's listener is gone, or held",
                LIMIT,
                () -> !BED.client().isAlive());
        BED.startClient();

        awaitListening(TO_ECHO);
        Await.until("the listener is the new session's", LIMIT, () -> {
            try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), TO_ECHO)) {
                caller.setSoTimeout(2_000);
                requireEcho(caller, "again");
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private static void requireEcho(Socket socket, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(bytes);
        assertThat(socket.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
    }

    private static void awaitListening(int port) throws Exception {
        Await.until("the gateway listens at " + port, LIMIT, () -> isListening(port));
    }

    private static boolean isListening(int port) {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException closed) {
            return false;
        }
    }

    private static String sumOf(String... arguments) throws Exception {
        String quoted = String.join("' '", arguments);
        return Program.run("bash", "-c", "curl -sS --fail '" + quoted + "' | sha256sum")
                .ok()
                .output()
                .substring(0, 64);
    }

    private static WebServer web() {
        try {
            return WebServer.http(InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EchoDestination echo() {
        try {
            return EchoDestination.start(InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
