package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.Pattern;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.SshServer;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.WebServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Ports, paths and standard input are forwarded in ssh's words, from the command line and from the file. */
class ForwardsTest {
    private static final int FORWARDED = Ports.free();
    private static final int DESTINATION = Ports.free();
    private static final Path SOCKET = Path.of(
            System.getProperty("java.io.tmpdir"),
            "hf-" + ProcessHandle.current().pid() + ".sock");

    @RegisterExtension
    static final TestBed BED = TestBed.plain()
            .client("-L", FORWARDED + ":localhost:" + DESTINATION, "-L", SOCKET + ":127.0.0.1:" + DESTINATION);

    @TempDir
    Path folder;

    private static Program throughStdio(String destination) {
        return Program.of(
                TestBed.CLIENT.toString(),
                "-W",
                destination,
                "--home",
                BED.clientHome().toString());
    }

    @Test
    void aPortAndAPathReachTheirDestination() throws Exception {
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress(), DESTINATION)) {
            String page = "http://127.0.0.1:" + FORWARDED + "/bytes/1000";
            assertThat(Program.run("curl", "-sS", "-f", page).ok().output()).hasSizeGreaterThan(0);
            assertThat(Program.run("curl", "-sS", "-f", "--unix-socket", SOCKET.toString(), "http://x/bytes/1000")
                            .ok()
                            .output())
                    .isEqualTo(Program.run("curl", "-sS", "-f", page).ok().output());
            assertThat(Files.getPosixFilePermissions(SOCKET)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(server.port()).isEqualTo(DESTINATION);
        }
        // With nobody there, the connection is reset.
        assertThat(Program.run("curl", "-sS", "http://127.0.0.1:" + FORWARDED + "/")
                        .exitCode())
                .isEqualTo(56);
    }

    @Test
    void stdinAndStdoutEndEachByItself() throws Exception {
        byte[] bytes = Pattern.bytes(3, 3_000_000);
        try (EchoDestination echo = EchoDestination.start()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            throughStdio("localhost:" + echo.port())
                    .input(new ByteArrayInputStream(bytes))
                    .outputTo(out)
                    .run()
                    .ok();

            assertThat(out.toByteArray()).isEqualTo(bytes);
        }
    }

    @Test
    void whatIsNotReachedIsToldInWords() throws Exception {
        Program.Result refused = throughStdio("localhost:" + Ports.free()).run();
        assertThat(refused.exitCode()).isEqualTo(69);
        assertThat(refused.errors()).contains("cannot be reached").contains("refused");

        Program.Result notAllowed = throughStdio("127.0.0.2:80").run();
        assertThat(notAllowed.exitCode()).isEqualTo(77);
        assertThat(notAllowed.errors()).contains("--allow 127.0.0.2:80");

        Program.Result notRunning = Program.run(
                TestBed.CLIENT.toString(),
                "-W",
                "localhost:1",
                "--home",
                folder.resolve("none").toString());
        assertThat(notRunning.exitCode()).isEqualTo(69);
        assertThat(notRunning.errors()).contains("start it with  proxy-client run");
    }

    @Test
    void sshTakesItAsProxyCommand() throws Exception {
        try (SshServer server = SshServer.start(folder)) {
            String command = TestBed.CLIENT + " -W [%h]:%p --home " + BED.clientHome();

            assertThat(server.run(command, "echo $((6 * 7)); exit 3").run().exitCode())
                    .isEqualTo(3);
            assertThat(server.run(command, "head -c 1000000 /dev/zero | sha256sum")
                            .run()
                            .ok()
                            .output())
                    .startsWith("d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0b692b924cc8025");
        }
    }

    @Test
    void aMistakeInTheFileIsToldWithItsPlace() throws Exception {
        BED.login(folder.resolve("home"), "bob");
        Path file = folder.resolve("home/client.toml");
        List<String> lines = Files.readAllLines(file);
        Files.writeString(file, "\n[run]\nlokal = [\"1:a:2\"]\n", StandardOpenOption.APPEND);

        Program.Result result = Program.run(
                TestBed.CLIENT.toString(),
                "run",
                "--home",
                folder.resolve("home").toString());

        assertThat(result.exitCode()).isEqualTo(78);
        assertThat(result.errors())
                .contains("client.toml:" + (lines.size() + 3)
                        + ":1: there is no setting 'run.lokal'; did you mean 'run.local'?");
    }
}
