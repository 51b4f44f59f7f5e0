package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.Sha256;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.Tools;
import holdfast.itest.harness.WebServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Unix-domain sockets stand on either side of {@code -L} and {@code -R} where the gateway's rules open them, for their owner only, in nobody's way,
 * and no longer than they are needed.
 */
class SocketPathsTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int BYTES = 1_000_000;
    private static final Path FOLDER = folder();
    private static final WebServer WEB = web();
    private static final List<Daemon> SERVERS = new ArrayList<>();

    // At the gateway; what lies in open/ is allowed.
    private static final Path REACHED = FOLDER.resolve("open/reached");
    private static final Path WITHDRAWN = FOLDER.resolve("open/withdrawn");
    private static final Path CLOSED = FOLDER.resolve("closed.sock");
    private static final Path REMOTE = FOLDER.resolve("open/remote.sock");
    private static final Path TAKEN = FOLDER.resolve("open/taken.sock");
    private static final Path FORBIDDEN = FOLDER.resolve("forbidden.sock");
    private static final int REMOTE_PORT = Ports.free();

    // At the client.
    private static final Path LOCAL = FOLDER.resolve("local.sock");
    private static final Path BEHIND = FOLDER.resolve("behind.sock");
    private static final int TO_REACHED = Ports.free();
    private static final int TO_WITHDRAWN = Ports.free();
    private static final int TO_CLOSED = Ports.free();

    @RegisterExtension
    static final TestBed BED = TestBed.plain()
            .gateway("--allow", FOLDER + "/open/*", "--allow-listen", FOLDER + "/open/*.sock")
            .gateway("--allow-listen", "127.0.0.1:" + REMOTE_PORT)
            .client("--verbose", "-L", TO_REACHED + ":" + REACHED, "-L", LOCAL + ":" + REACHED)
            .client("-L", TO_WITHDRAWN + ":" + WITHDRAWN, "-L", TO_CLOSED + ":" + CLOSED)
            .client("-R", REMOTE + ":localhost:" + WEB.port(), "-R", REMOTE_PORT + ":" + BEHIND)
            .client("-R", TAKEN + ":localhost:" + WEB.port(), "-R", FORBIDDEN + ":localhost:" + WEB.port());

    @BeforeAll
    static void serveAtSockets() throws Exception {
        for (Path each : List.of(REACHED, WITHDRAWN, CLOSED, BEHIND)) {
            SERVERS.add(Daemon.start(
                    "socat",
                    FOLDER.resolve("socat.log"),
                    List.of(Tools.require("socat"), "UNIX-LISTEN:" + each + ",fork", "TCP:127.0.0.1:" + WEB.port()),
                    Map.of()));
            Await.until(each + " is there", LIMIT, () -> Files.exists(each));
        }
    }

    @AfterAll
    static void stopServers() throws IOException {
        WEB.close();
        SERVERS.forEach(Daemon::close);
        TestBed.delete(FOLDER);
    }

    @Test
    void aPortAndASocketHereReachASocketOfTheGateway() throws Exception {
        assertThat(sumOf("http://127.0.0.1:" + TO_REACHED + "/bytes/" + BYTES)).isEqualTo(WebServer.sumOf(BYTES));
        assertThat(sumAt(LOCAL)).isEqualTo(WebServer.sumOf(BYTES));
        assertThat(permissions(LOCAL)).isEqualTo("rw-------");
    }

    @Test
    void aSocketAndAPortOfTheGatewayLeadHere() throws Exception {
        BED.client().awaitLog("forward.listening .*unix:" + REMOTE, LIMIT);
        BED.client().awaitLog("forward.listening .*127.0.0.1:" + REMOTE_PORT, LIMIT);

        assertThat(sumAt(REMOTE)).isEqualTo(WebServer.sumOf(BYTES));
        assertThat(permissions(REMOTE)).isEqualTo("rw-------");
        assertThat(sumOf("http://127.0.0.1:" + REMOTE_PORT + "/bytes/" + BYTES)).isEqualTo(WebServer.sumOf(BYTES));
    }

    @Test
    void aSocketThatNoRuleOpensIsClosedAndTheUserIsToldWhatIsMissing() throws Exception {
        Program.Result refused = Program.run("curl", "-sS", "http://127.0.0.1:" + TO_CLOSED + "/bytes/1");

        assertThat(refused.errors()).contains("reset by peer");
        BED.client().awaitLog("open.failed .*" + CLOSED + ".*--allow " + CLOSED, LIMIT);
        BED.client().awaitLog("forward.refused .*" + FORBIDDEN + ".*--allow-listen " + FORBIDDEN, LIMIT);
        assertThat(FORBIDDEN).doesNotExist();
    }

    @Test
    void aFileThatIsInTheWayStays() throws Exception {
        BED.client().awaitLog("forward.refused .*" + TAKEN + ".*not a socket", LIMIT);

        assertThat(TAKEN).hasContent("precious");
    }

    @Test
    void aConnectionToASocketEndsWhenItsRuleDoes() throws Exception {
        Path config = BED.gatewayHome().resolve("gateway.toml");
        String usual = Files.readString(config);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), TO_WITHDRAWN)) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream()
                    .write("GET /bytes/1 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');

            Files.writeString(config, "deny = [\"" + WITHDRAWN + "\"]\n" + usual);

            assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        } finally {
            Files.writeString(config, usual);
        }
    }

    @Test
    void socketsGoWithTheProgramsAndWhatAKilledOneLeftIsReplaced() throws Exception {
        Path there = FOLDER.resolve("open/again.sock");
        Path here = FOLDER.resolve("again.sock");
        try (TestBed bed = TestBed.plain()
                .gateway("--allow-listen", there.toString())
                .client("-R", there + ":localhost:" + WEB.port(), "-L", here + ":localhost:" + WEB.port())
                .start()) {
            bed.client().awaitLog("forward.listening", LIMIT);
            bed.gateway().kill();
            bed.client().kill();
            assertThat(exists(there) && exists(here)).isTrue();

            bed.startGateway();
            bed.startClient().awaitLog("forward.listening", LIMIT);

            assertThat(sumAt(there)).isEqualTo(WebServer.sumOf(BYTES));
            assertThat(sumAt(here)).isEqualTo(WebServer.sumOf(BYTES));
            bed.client().stop();
            Await.until("the gateway has removed its socket", LIMIT, () -> !exists(there));
            assertThat(exists(here)).isFalse();
        }
    }

    private static String sumAt(Path socket) throws Exception {
        return sumOf("--unix-socket", socket.toString(), "http://x/bytes/" + BYTES);
    }

    private static String sumOf(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-sS", "--fail"));
        all.addAll(List.of(arguments));
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        Program.of("curl", all.toArray(new String[0])).outputTo(page).run().ok();
        return Sha256.of(new ByteArrayInputStream(page.toByteArray()));
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("hf-paths");
            Files.createDirectory(folder.resolve("open"));
            Files.writeString(folder.resolve("open/taken.sock"), "precious");
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WebServer web() {
        try {
            return WebServer.http(InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
