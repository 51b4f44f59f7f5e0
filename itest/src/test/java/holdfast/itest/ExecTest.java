package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.WebServer;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code proxy-client exec} starts programs that then use the proxy without knowing it, and is the program from then on. */
class ExecTest {
    @RegisterExtension
    static final TestBed BED = TestBed.plain().gateway("--verbose");

    @TempDir
    Path folder;

    private static String[] exec(String... command) {
        return Stream.concat(Stream.of("exec", "--home", BED.clientHome().toString(), "--"), Stream.of(command))
                .toArray(String[]::new);
    }

    private static Program started(String... command) {
        return Program.of(TestBed.CLIENT.toString(), exec(command));
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl -sS -f -o /dev/null", "wget -q -O /dev/null"})
    void aProgramThatReadsTheVariablesGoesByTheProxy(String command) throws Exception {
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            String url = "http://localhost:" + server.port() + "/bytes/1000";

            started((command + " " + url).split(" ", -1)).run().ok();

            assertThat(BED.gateway().log()).as("what the gateway connected to").contains("localhost:" + server.port());
        }
    }

    @Test
    void aJavaProgramGoesByTheProxyWithItsUrlsAndItsSockets() throws Exception {
        Path source = Files.writeString(folder.resolve("Fetch.java"), """
                import java.net.*;
                public class Fetch {
                    public static void main(String[] words) throws Exception {
                        URI at = URI.create(words[0]);
                        System.out.println(at.toURL().openStream().readAllBytes().length);
                        try (Socket socket = new Socket(at.getHost(), at.getPort())) {
                            System.out.println(socket.getInetAddress().getHostAddress());
                            socket.getOutputStream().write("GET /bytes/0 HTTP/1.0\\r\\n\\r\\n".getBytes());
                            System.out.println(new String(socket.getInputStream().readAllBytes()).substring(0, 12));
                        }
                    }
                }
                """);
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            String java = Path.of(System.getProperty("java.home"), "bin/java").toString();

            String output = started(java, source.toString(), "http://127.0.0.1:" + server.port() + "/bytes/1000")
                    .run()
                    .ok()
                    .output();

            assertThat(output).startsWith("1000\n").contains("HTTP/1.1 200");
            assertThat(BED.gateway().log().split("stream.connected.*127.0.0.1:" + server.port(), -1))
                    .hasSize(3);
        }
    }

    @Test
    void theExitCodeIsTheProgramsOwn() throws Exception {
        assertThat(started("sh", "-c", "exit 42").run().exitCode()).isEqualTo(42);
        assertThat(started("no-such-program").run().exitCode()).isEqualTo(127);
    }

    @Test
    void aSignalReachesTheProgram() throws Exception {
        List<String> words = Stream.concat(
                        Stream.of(TestBed.CLIENT.toString()),
                        Stream.of(exec(
                                "sh",
                                "-c",
                                "trap 'echo caught >&2; exit 5' TERM; echo started >&2; while :; do sleep 0.1; done")))
                .toList();
        try (Daemon program = Daemon.start("program", folder.resolve("program.log"), words, Map.of())) {
            program.awaitLog("started", Duration.ofSeconds(20));
            program.signal("TERM");

            assertThat(program.awaitEnd(Duration.ofSeconds(10))).isEqualTo(5);
            assertThat(program.log()).contains("caught");
        }
    }
}
