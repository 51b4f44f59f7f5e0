package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.ClientHost;
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
    static final TestBed BED = TestBed.plain()
            .gateway(
                    "--allow",
                    ClientHost.DESTINATION + "/32",
                    "--allow-listen",
                    ClientHost.DESTINATION + ":40000-49999");

    @TempDir
    static Path folder;

    /** For its addresses here: for a server at a loopback address lftp does not say where it listens, and socksify takes that for its own business. */
    private static ClientHost addresses;

    private static FtpServer server;

    @TempDir
    Path local;

    @BeforeAll
    static void startServer() throws Exception {
        addresses = ClientHost.make(folder);
        server = FtpServer.start(folder, ClientHost.DESTINATION);
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
        addresses.close();
    }

    /** lftp knows no SOCKS; Dante's socksify puts its connections through one, the listening ones included. */
    private Program lftp(String commands) throws Exception {
        Path config = Files.writeString(
                local.resolve("socks.conf"),
                "resolveprotocol: fake\nroute {\n  from: 0.0.0.0/0 to: 0.0.0.0/0 via: 127.0.0.1 port = "
                        + BED.socksPort() + "\n  proxyprotocol: socks_v5\n  command: connect bind\n}\n");
        String settings = "set ftp:passive-mode off; set net:max-retries 1; set net:timeout 20; set ftp:ssl-allow no;"
                + " set cmd:fail-exit yes; open ftp://" + ClientHost.DESTINATION + ":" + server.port();
        return Program.of("socksify", Tools.require("lftp"), "-c", settings + "; " + commands)
                .in(local)
                .with("SOCKS_CONF", config.toString())
                // It would reach the networks of this machine without the proxy.
                .with("SOCKS_AUTOADD_LANROUTES", "no")
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
        assertThat(BED.gateway().log()).contains("listener.open").contains(ClientHost.DESTINATION + ":4");
    }
}
