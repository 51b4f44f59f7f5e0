package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.ClientHost;
import holdfast.itest.harness.PageServer;
import holdfast.itest.harness.Tools;
import holdfast.itest.harness.TwoHosts;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser loads a page of many parts, told of the proxy by address or by the PAC file, and opens a WebSocket. */
class BrowserTest {
    private static final int PARTS = 50;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--proxy-server=socks5://127.0.0.1:1080",
                "--proxy-server=http://127.0.0.1:1080",
                "--proxy-pac-url=http://127.0.0.1:1080/proxy.pac"
            })
    void chromiumLoadsAPageOfFiftyParts(String proxy) throws Exception {
        // Not from localhost: that a browser would reach directly, whatever the PAC file says.
        try (TwoHosts hosts = TwoHosts.start(folder, "-D", "1080");
                PageServer server =
                        PageServer.start(InetAddress.getByName(ClientHost.DESTINATION), "web.test", PARTS)) {
            hosts.host().count();

            String page = hosts.host()
                    .program(
                            Tools.require("chromium"),
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--user-data-dir=" + folder.resolve("profile"),
                            "--dump-dom",
                            proxy,
                            "http://web.test:" + server.port() + "/")
                    .limit(Duration.ofMinutes(2))
                    .with("HOME", folder.toString())
                    .run()
                    .ok()
                    .output();

            assertThat(page).contains("loaded " + PARTS).contains("socket says hello");
            assertThat(server.partsAsked()).isEqualTo(PARTS);
            assertThat(hosts.host().leaks()).as(hosts.logs()).isZero();
        }
    }
}
