package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.PythonMtaTls;
import holdfast.itest.harness.Sha256;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.WebServer;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Both programs speak MTA-TLS with each other and with an implementation that was written from the draft alone. */
class MtaTlsTest {
    private static final int CURLE_PROXY = 97;
    private static final int BYTES = 5_000_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestBed BED = TestBed.plain().gateway("--mta-tls").client("--protocol", "mta-tls");

    @TempDir
    Path folder;

    @Test
    void oursWithOurs() throws Exception {
        requireAllOf(BED.socksPort());
        assertThat(Program.run(TestBed.CLIENT.toString(), "status", "--home", "" + BED.clientHome())
                        .ok()
                        .output())
                .contains("connected by MTA-TLS");
    }

    @Test
    void anotherClientWithOurGateway() throws Exception {
        int port = Ports.free();
        try (Daemon other =
                PythonMtaTls.client(folder.resolve("python.log"), port, BED.gatewayPort(), clientKey(), gatewayKey())) {
            requireAllOf(port);

            assertThat(other.isAlive()).isTrue();
        }
    }

    @Test
    void ourClientWithAnotherGateway() throws Exception {
        int gatewayPort = Ports.free();
        int port = Ports.free();
        Path log = folder.resolve("python.log");
        try (Daemon other = PythonMtaTls.server(log, gatewayPort, gatewayKey(), clientKey());
                Daemon ours = clientOf(gatewayPort, port)) {
            requireTransfers(port);
            requireManyAtOnce(port);
            requireRefusals(port, "10.0.0.1");

            assertThat(ours.stop()).isZero();
            // Requests, closes, data, the longest packet, acknowledgments; a confirmation only if a destination was
            // quicker to close than curl.
            other.awaitLog("seen \\[1, 4, (5, )?6, 7, 8\\]", LIMIT);
            assertThat(other.isAlive()).isTrue();
        }
    }

    @Test
    void aGatewayThatSendsNonsenseLosesTheConnectionAndIsDialedAgain() throws Exception {
        int gatewayPort = Ports.free();
        int port = Ports.free();
        // An answer nobody asked for; a data message of 4 GiB; data for a channel that is not open; an unknown type; a
        // length that is not its type's.
        List<String> nonsense =
                List.of("02000c00000001000100000000200000", "06ffffffff", "06000000010000000141", "ff", "080009");
        try (Daemon other = PythonMtaTls.hostileServer(
                        folder.resolve("python.log"), gatewayPort, gatewayKey(), clientKey(), nonsense);
                Daemon ours = clientOf(gatewayPort, port)) {
            for (String each : nonsense) {
                other.awaitLog("ended after " + each, LIMIT);
            }
            requireTransfers(port);

            assertThat(ours.stop()).isZero();
        }
    }

    /** Our client, logged in to a gateway of that key at another port. */
    private Daemon clientOf(int gatewayPort, int port) throws Exception {
        Path home = folder.resolve("home");
        Program.run("cp", "-a", "" + BED.clientHome(), "" + home).ok();
        Path settings = home.resolve("client.toml");
        Files.writeString(settings, Files.readString(settings).replace(":" + BED.gatewayPort(), ":" + gatewayPort));
        List<String> command = List.of(
                TestBed.CLIENT.toString(),
                "run",
                "--home",
                home.toString(),
                "--protocol",
                "mta-tls",
                "-D",
                "127.0.0.1:" + port);
        return Daemon.start("client", folder.resolve("client.log"), command, Map.of())
                .awaitLog("ready", LIMIT);
    }

    @Test
    void whoSendsNonsenseLosesItsOwnConnectionOnly() throws Exception {
        // An unknown type; a data message of 4 GiB; data for a channel that is not open; an answer nobody asked for.
        for (String each : List.of("ff", "06ffffffff", "06000000010000000141", "0300040001000141")) {
            assertThat(PythonMtaTls.say(each, BED.gatewayPort(), clientKey(), gatewayKey()))
                    .as(each)
                    .isEmpty();
        }
        requireTransfers(BED.socksPort());
    }

    @Test
    void aKeyThatIsNotKnownIsNotServed() throws Exception {
        Path key = folder.resolve("key.pem");
        Path certificate = folder.resolve("certificate.pem");
        Program.run(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-keyout",
                        "" + key,
                        "-out",
                        "" + certificate,
                        "-subj",
                        "/CN=stranger")
                .ok();
        Files.writeString(key, Files.readString(key) + Files.readString(certificate));

        // A request for 127.0.0.1:1.
        String request = "01001b0000 00010000 00002000 0000 0000 0009 3132372e302e302e31 0001".replace(" ", "");

        assertThat(PythonMtaTls.say(request, BED.gatewayPort(), key, gatewayKey()))
                .isEmpty();
    }

    private void requireAllOf(int socksPort) throws Exception {
        requireTransfers(socksPort);
        requireManyAtOnce(socksPort);
        requireRefusals(socksPort, "127.0.0.2");
    }

    private void requireTransfers(int socksPort) throws Exception {
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            Sha256.Sink sink = new Sha256.Sink();
            curl(socksPort, "http://localhost:" + server.port() + "/bytes/" + BYTES)
                    .outputTo(sink)
                    .run()
                    .ok();
            assertThat(sink.hex()).isEqualTo(WebServer.sumOf(BYTES));

            Program.Result sum = curl(socksPort, "--upload-file", "-", "http://127.0.0.1:" + server.port() + "/sum")
                    .input(WebServer.content(BYTES))
                    .run()
                    .ok();
            assertThat(sum.output().strip()).isEqualTo(WebServer.sumOf(BYTES));
        }
    }

    private void requireManyAtOnce(int socksPort) throws Exception {
        Path files = Files.createTempDirectory(folder, "many");
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            curl(
                            socksPort,
                            "--parallel",
                            "--parallel-immediate",
                            "--parallel-max",
                            "100",
                            "--output",
                            files.resolve("#1").toString(),
                            "http://127.0.0.1:" + server.port() + "/bytes/[100000-100099]")
                    .run()
                    .ok();
            for (int bytes = 100_000; bytes < 100_100; bytes++) {
                assertThat(Sha256.of(files.resolve("" + bytes))).isEqualTo(WebServer.sumOf(bytes));
            }
        }
    }

    private void requireRefusals(int socksPort, String notAllowed) throws Exception {
        Program.Result refused =
                curl(socksPort, "http://127.0.0.1:" + Ports.free() + "/").run();
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(CURLE_PROXY);
        assertThat(refused.errors()).contains("(5)");

        Program.Result forbidden =
                curl(socksPort, "http://" + notAllowed + ":81/").run();
        assertThat(forbidden.exitCode()).as(forbidden.toString()).isEqualTo(CURLE_PROXY);
        assertThat(forbidden.errors()).contains("(2)");
    }

    private static Program curl(int socksPort, String... arguments) {
        List<String> words = new ArrayList<>(List.of("--silent", "--show-error", "--fail", "--max-time", "50"));
        words.addAll(List.of("--proxy", "socks5h://127.0.0.1:" + socksPort));
        words.addAll(List.of(arguments));
        return Program.of("curl", words.toArray(String[]::new));
    }

    private static Path clientKey() {
        return BED.clientHome().resolve("client.key");
    }

    private static Path gatewayKey() {
        return BED.gatewayHome().resolve("gateway.key");
    }
}
