package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Background;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.FlakyLink;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.Scale;
import holdfast.itest.harness.Sha256;
import holdfast.itest.harness.SshServer;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.Tools;
import holdfast.itest.harness.WebServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Real programs live through a link that comes and goes: a download comes out whole, and a terminal goes on where it was. */
class OutageTest {
    private static final Duration ON = Duration.ofMillis(Scale.of(1200, 5000));
    private static final Duration OFF = Duration.ofMillis(Scale.of(600, 2000));
    private static final int BYTES_PER_SECOND = 20_000_000;
    private static final long DOWNLOAD = (long) BYTES_PER_SECOND * Scale.of("outage.seconds", 6, 430);
    private static final Duration LIMIT = Duration.ofSeconds(Scale.of(60, 900));

    @RegisterExtension
    static final TestBed BED = TestBed.plain().over(1, 1);

    @TempDir
    Path folder;

    @Test
    void aDownloadAndATerminalLiveThroughALinkThatComesAndGoes() throws Exception {
        FlakyLink link = BED.link();
        link.rate(BYTES_PER_SECOND);
        try (WebServer web = WebServer.http(InetAddress.getLoopbackAddress());
                SshServer ssh = SshServer.start(folder)) {
            Sha256.Sink sink = new Sha256.Sink();
            Background download = Background.run(() -> Program.of(
                            "curl",
                            "-sSf",
                            "-x",
                            BED.proxyUrl(),
                            "http://localhost:" + web.port() + "/bytes/" + DOWNLOAD)
                    .limit(LIMIT)
                    .outputTo(sink)
                    .run()
                    .ok());
            Background outages = Background.run(() -> comeAndGo(link, download));

            int lines = typeUntil(download, ssh);

            download.await(LIMIT);
            outages.await(LIMIT);
            assertThat(sink.length()).isEqualTo(DOWNLOAD);
            assertThat(sink.hex()).isEqualTo(WebServer.sumOf(DOWNLOAD));
            assertThat(lines).isGreaterThan(3);
            assertThat(link.dialed()).as("connections that the client dialed").isGreaterThan(2);
        }
    }

    private static void comeAndGo(FlakyLink link, Background meanwhile) throws Exception {
        while (!Await.within(ON, meanwhile::isDone)) {
            link.strand();
            link.stall();
            Await.within(OFF, meanwhile::isDone);
            link.flow();
        }
    }

    /** Types line after line into one terminal, each when the answer to the one before it is there. */
    private int typeUntil(Background meanwhile, SshServer ssh) throws Exception {
        List<String> words = ssh.client(
                Tools.require("ncat") + " --proxy-type socks5 --proxy 127.0.0.1:" + BED.socksPort() + " %h %p");
        words.addAll(List.of("-tt", "127.0.0.1", "cat"));
        int lines = 0;
        try (Daemon terminal = Daemon.start("ssh", folder.resolve("terminal.log"), words, Map.of());
                OutputStream keys = terminal.input()) {
            while (!meanwhile.isDone()) {
                String line = "line " + lines++;
                keys.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                keys.flush();
                terminal.awaitLog("(?m)" + line + "\\s+" + line + "\\s", LIMIT);
            }
            assertThat(terminal.isAlive()).isTrue();
        }
        return lines;
    }
}
