package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Background;
import holdfast.itest.harness.ClientHost;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TwoHosts;
import holdfast.itest.harness.WebServer;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of what programs do by the proxy leaves their host but by the session: no question for a name, no connection, though both would work directly. */
class NoLeakTest {
    private static final String PROXY = "127.0.0.1:1080";

    @TempDir
    Path folder;

    @Test
    void noQuestionAndNoConnectionLeavesDirectly() throws Exception {
        try (TwoHosts hosts = TwoHosts.start(folder, "-D", "1080", "-L", "8080:web.test:1");
                WebServer server = WebServer.http(InetAddress.getByName(ClientHost.DESTINATION))) {
            ClientHost host = hosts.host();
            host.count();
            String url = "http://web.test:" + server.port() + "/bytes/1000";
            String missing = "http://no-such-host.invalid:" + server.port() + "/";

            for (String proxy : List.of("socks4a://", "socks5h://", "http://")) {
                assertThat(host.program("curl", "-sS", "-f", "-o", "/dev/null", "-x", proxy + PROXY, url)
                                .run()
                                .ok()
                                .exitCode())
                        .isZero();
                assertThat(host.program("curl", "-sS", "-f", "-x", proxy + PROXY, missing)
                                .run()
                                .exitCode())
                        .isNotZero();
            }
            host.program(hosts.client("exec", "--", "curl", "-sS", "-f", "-o", "/dev/null", url))
                    .run()
                    .ok();
            host.program(hosts.client("exec", "--", "wget", "-q", "-O", "/dev/null", url))
                    .run()
                    .ok();
            String byAddress = "http://" + ClientHost.DESTINATION + ":" + server.port() + "/bytes/1000";
            Path tsocks = Files.writeString(
                    folder.resolve("tsocks.conf"), "server = 127.0.0.1\nserver_type = 5\nserver_port = 1080\n");
            host.program(
                            "env",
                            "TSOCKS_CONF_FILE=" + tsocks,
                            "tsocks",
                            "curl",
                            "-sS",
                            "-f",
                            "-o",
                            "/dev/null",
                            byAddress)
                    .run()
                    .ok();
            Path proxychains = Files.writeString(
                    folder.resolve("proxychains.conf"),
                    "strict_chain\nproxy_dns\n[ProxyList]\nsocks5 127.0.0.1 1080\n");
            host.program("proxychains4", "-q", "-f", proxychains, "curl", "-sS", "-f", "-o", "/dev/null", url)
                    .run()
                    .ok();
            // A forward to where nobody listens, a destination that is not allowed, and garbage.
            assertThat(host.program("curl", "-sS", "http://127.0.0.1:8080/")
                            .run()
                            .exitCode())
                    .isNotZero();
            assertThat(host.program("curl", "-sS", "-f", "-x", "socks5h://" + PROXY, "http://10.213.77.1:7443/")
                            .run()
                            .exitCode())
                    .isNotZero();
            host.program("sh", "-c", "head -c 100 /dev/urandom | nc -w 1 127.0.0.1 1080")
                    .run();

            assertThat(host.leaks()).as(hosts.logs()).isZero();

            // And the counters do count.
            assertThat(host.program(
                                    "curl",
                                    "-sS",
                                    "-f",
                                    "-o",
                                    "/dev/null",
                                    "--max-time",
                                    "5",
                                    "http://" + ClientHost.DESTINATION + ":" + server.port() + "/bytes/1000")
                            .run()
                            .exitCode())
                    .isZero();
            long connected = host.leaks();
            assertThat(connected).isPositive();
            host.program("getent", "hosts", "web.test").run();
            assertThat(host.leaks()).isGreaterThan(connected);
        }
    }

    @Test
    void withoutTheGatewayThingsFailAndGoNowhereElse() throws Exception {
        try (TwoHosts hosts = TwoHosts.start(folder, "-D", "1080");
                WebServer server = WebServer.http(InetAddress.getByName(ClientHost.DESTINATION))) {
            hosts.stopGateway();
            hosts.host().count();

            String from = ClientHost.DESTINATION + ":" + server.port();
            // Each waits as long as programs wait for a gateway, so both at once.
            Background overSocks = Background.run(() -> assertFails(hosts, "socks5h://", from));
            assertFails(hosts, "http://", from);
            overSocks.await(Duration.ofSeconds(60));
            assertThat(hosts.host().leaks()).as(hosts.logs()).isZero();
        }
    }

    private static void assertFails(TwoHosts hosts, String proxy, String from) throws Exception {
        Program.Result result = hosts.host()
                .program("curl", "-sS", "-f", "--max-time", "20", "-x", proxy + PROXY, "http://" + from + "/bytes/1000")
                .run();
        assertThat(result.exitCode()).as(result.toString()).isNotZero();
    }
}
