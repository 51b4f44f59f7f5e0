package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.FtpServer;
import holdfast.itest.harness.Pattern;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An FTP client in active mode lists, downloads and uploads: the server connects back to the gateway, which listens for it (SOCKS BIND). */
class ActiveFtpTest {
    private static final int FILES = 5;
    private static final int FILE_BYTES = 300_000;

    @RegisterExtension
    static final TestBed BED = TestBed.plain().gateway("--allow-listen", "127.0.0.1:40000-49999");

    @TempDir
    static Path folder;

    private static FtpServer server;

    @TempDir
    Path local;

    @BeforeAll
    static void startServer() throws Exception {
        server = FtpServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    /** lftp knows no SOCKS; Dante's socksify puts its connections through one, the listening ones included. */
    private Program lftp(String commands) throws Exception {
        Path config = Files.writeString(
                local.resolve("socks.conf"),
                "resolveprotocol: fake\nroute { from: 0.0.0.0/0 to: 0.0.0.0/0 via: 127.0.0.1 port = " + BED.socksPort()
                        + " proxyprotocol: socks_v5 command: connect bind }\n");
        String settings = "set ftp:passive-mode off; set net:max-retries 1; set net:timeout 20; set ftp:ssl-allow no;"
                + " set cmd:fail-exit yes; open ftp://127.0.0.1:" + server.port();
        return Program.of("socksify", Tools.require("lftp"), "-c", settings + "; " + commands)
                .in(local)
                .with("SOCKS_CONF", config.toString())
                .with("HOME", local.toString());
    }

    @Test
    void lftpListsDownloadsAndUploads() throws Exception {
        for (int i = 0; i < FILES; i++) {
            Files.write(server.files().resolve("file" + i), Pattern.bytes(i, FILE_BYTES));
        }
        Files.write(local.resolve("mine"), Pattern.bytes(77, 3 * FILE_BYTES));

        Program.Result result = lftp("ls; mget file*; put mine").run().ok();

        assertThat(result.output().lines().filter(line -> line.contains("file")))
                .hasSize(FILES);
        for (int i = 0; i < FILES; i++) {
            assertThat(local.resolve("file" + i)).hasBinaryContent(Pattern.bytes(i, FILE_BYTES));
        }
        assertThat(server.files().resolve("mine")).hasBinaryContent(Pattern.bytes(77, 3 * FILE_BYTES));
        assertThat(BED.gateway().log()).contains("listener.open").contains("127.0.0.1:4");
    }
}
