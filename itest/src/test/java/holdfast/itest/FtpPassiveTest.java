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

/** An FTP client in passive mode lists, downloads and uploads: many short connections whose ends carry meaning. */
class FtpPassiveTest {
    private static final int FILES = 20;
    private static final int FILE_BYTES = 500_000;

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

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

    /** lftp knows no SOCKS; proxychains puts its connections through one, as for many such programs. */
    private Program lftp(String commands) throws Exception {
        Path config = Files.writeString(
                local.resolve("proxychains.conf"),
                "strict_chain\nquiet_mode\ntcp_read_time_out 15000\ntcp_connect_time_out 15000\n[ProxyList]\nsocks5 127.0.0.1 %d\n"
                        .formatted(BED.socksPort()));
        String settings =
                "set net:max-retries 1; set net:timeout 20; set ftp:ssl-allow no; set cmd:fail-exit yes; open ftp://127.0.0.1:"
                        + server.port();
        return Program.of(
                        "proxychains4",
                        "-q",
                        "-f",
                        config.toString(),
                        Tools.require("lftp"),
                        "-c",
                        settings + "; " + commands)
                .in(local)
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
    }

    @Test
    void lftpSaysThatAFileIsMissing() throws Exception {
        Program.Result result = lftp("get no-such-file").run();

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.errors()).contains("550");
    }
}
