package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README: one script, and there is a proxy that works, and a line to paste that proves it. */
class QuickstartTest {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void whatItPrintsWorksAndCtrlCLeavesNothingBehind() throws Exception {
        int gatewayPort = Ports.free();
        for (String run : List.of("first", "with the keys of the first")) {
            runOnce(run, gatewayPort);
        }
        assertThat(Files.getPosixFilePermissions(folder.resolve("home"))).hasSize(3);
    }

    private void runOnce(String run, int gatewayPort) throws Exception {
        Path script = Path.of("..", "scripts", "quickstart").toAbsolutePath().normalize();
        String port = Integer.toString(Ports.free());
        // A shell in the background starts programs with SIGINT ignored, which is not how a user starts this one.
        List<String> command = List.of(
                Tools.require("env"),
                "--default-signal=INT",
                script.toString(),
                "--port",
                port,
                "--gateway-port",
                Integer.toString(gatewayPort),
                "--home",
                folder.resolve("home").toString());
        Daemon quickstart = Daemon.start("quickstart", folder.resolve(run), command, Map.of());
        try {
            quickstart.awaitLog("Ctrl-C ends", START_LIMIT);
            List<ProcessHandle> started = quickstart.descendants();
            Matcher curl = Pattern.compile("curl (-x \\S+ http://\\S+)").matcher(quickstart.log());
            assertThat(curl.find()).as("a line to paste").isTrue();

            Program.Result page =
                    Program.run("curl", ("-sSf " + curl.group(1)).split(" ")).ok();
            assertThat(page.output()).contains("Hello");
            assertThat(curl.group(1)).contains("127.0.0.1:" + port);

            quickstart.signal("INT");
            assertThat(quickstart.awaitEnd(STOP_LIMIT)).as(quickstart.log()).isZero();
            Await.until(
                    "everything it started has ended",
                    STOP_LIMIT,
                    () -> started.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(started).hasSizeGreaterThanOrEqualTo(3);
        } finally {
            quickstart.close();
        }
    }
}
