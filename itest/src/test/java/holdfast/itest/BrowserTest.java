package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.PageServer;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser loads a page of many parts, told of the proxy by address or by the PAC file, and opens a WebSocket. */
class BrowserTest {
    private static final int PARTS = 50;

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"--proxy-server=socks5://", "--proxy-server=http://", "--proxy-pac-url=http://"})
    void chromiumLoadsAPageOfFiftyParts(String how) throws Exception {
        String proxy = how + "127.0.0.1:" + BED.socksPort() + (how.contains("pac") ? "/proxy.pac" : "");
        try (PageServer server = PageServer.start(PARTS)) {
            // Chromium takes localhost for direct whatever it is told; a name that only the gateway resolves it cannot.
            String output = Program.of(
                            "chromium",
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--proxy-bypass-list=<-loopback>",
                            "--user-data-dir=" + folder.resolve("profile"),
                            "--virtual-time-budget=20000",
                            "--dump-dom",
                            proxy,
                            "http://localhost:" + server.port() + "/")
                    .limit(Duration.ofSeconds(120))
                    .with("HOME", folder.toString())
                    .run()
                    .ok()
                    .output();

            assertThat(output).contains("loaded " + PARTS).contains("socket says hello");
            assertThat(server.partsAsked()).isEqualTo(PARTS);
        }
    }
}
