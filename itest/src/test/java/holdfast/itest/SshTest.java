package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.Sha256;
import holdfast.itest.harness.SshServer;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.Tools;
import holdfast.itest.harness.WebServer;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** OpenSSH works by way of ProxyCommand: commands, bulk data, and a terminal one types into. */
class SshTest {
    private static final long FIFTY_MEBIBYTES = 50L << 20;
    private static final Duration TYPING_LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @TempDir
    static Path folder;

    private static SshServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = SshServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static String ncat() {
        return Tools.require("ncat") + " --proxy-type socks5 --proxy 127.0.0.1:" + BED.socksPort() + " %h %p";
    }

    private static String netcat() {
        return Tools.require("nc.openbsd") + " -X 5 -x 127.0.0.1:" + BED.socksPort() + " %h %p";
    }

    @Test
    void aCommandRunsByWayOfNcat() throws Exception {
        assertThat(server.run(ncat(), "echo $((6 * 7))").run().ok().output()).isEqualTo("42\n");
    }

    @Test
    void aCommandRunsByWayOfNetcat() throws Exception {
        assertThat(server.run(netcat(), "echo $((6 * 7)); exit 3").run().exitCode())
                .isEqualTo(3);
    }

    @Test
    void fiftyMebibytesComeThrough() throws Exception {
        Sha256.Sink sink = new Sha256.Sink();

        server.run(ncat(), "head -c " + FIFTY_MEBIBYTES + " /dev/zero")
                .outputTo(sink)
                .run()
                .ok();

        assertThat(sink.length()).isEqualTo(FIFTY_MEBIBYTES);
        assertThat(sink.hex()).isEqualTo("8565a714dca840f8652c5bae9249ab05f5fb5a4f9f13fbe23304b10f68252da2");
    }

    @Test
    void fiftyMebibytesGoThrough() throws Exception {
        String sum = server.run(ncat(), "sha256sum")
                .input(WebServer.content(FIFTY_MEBIBYTES))
                .run()
                .ok()
                .output();

        assertThat(sum).startsWith(WebServer.sumOf(FIFTY_MEBIBYTES));
    }

    @Test
    void aTerminalAnswersToWhatIsTyped() throws Exception {
        List<String> words = server.client(ncat());
        words.addAll(List.of("-tt", "127.0.0.1"));
        try (Daemon terminal = Daemon.start("ssh", folder.resolve("terminal.log"), words, Map.of("TERM", "dumb"));
                OutputStream keys = terminal.input()) {
            type(keys, "PS1=prompt:; tty; echo $((6 * 7)) answers");
            terminal.awaitLog("/dev/pts/\\d+", TYPING_LIMIT).awaitLog("(?m)^42 answers", TYPING_LIMIT);

            type(keys, "echo listening; cat");
            terminal.awaitLog("(?m)^listening", TYPING_LIMIT);
            type(keys, "abc");
            terminal.awaitLog("(?m)abc\\s+abc", TYPING_LIMIT);
            keys.write(3);
            keys.flush();
            // what is typed before the shell has handled the interrupt is thrown away with it
            terminal.awaitLog("\\^C\\s+prompt:", TYPING_LIMIT);
            type(keys, "echo left with $?");
            terminal.awaitLog("left with 130", TYPING_LIMIT);

            type(keys, "exit 5");
            assertThat(terminal.awaitEnd(TYPING_LIMIT)).isEqualTo(5);
        }
    }

    private static void type(OutputStream keys, String line) throws Exception {
        keys.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }
}
