package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.ClientHost;
import holdfast.itest.harness.Pattern;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.Tools;
import holdfast.itest.harness.TwoHosts;
import holdfast.itest.harness.WebServer;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs find the proxy in every dialect they know, or by what is wrapped around them. */
class WrappedProgramsTest {
    private static final int BYTES = 200_000;

    @RegisterExtension
    static final TestBed BED = TestBed.plain().gateway("--verbose");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"socks4", "socks4a", "socks5", "socks5h", "http"})
    void curlInEveryDialect(String scheme) throws Exception {
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            Path got = folder.resolve("got");
            Program.run(
                            "curl",
                            "-sS",
                            "-f",
                            "-4",
                            "-o",
                            got.toString(),
                            "-x",
                            scheme + "://127.0.0.1:" + BED.socksPort(),
                            "http://localhost:" + server.port() + "/bytes/" + BYTES)
                    .ok();
            assertThat(BED.gateway().log()).as("what the gateway connected to").contains(":" + server.port());
            assertThat(got).hasBinaryContent(Pattern.bytes(1, BYTES));
        }
    }

    /** proxychains looks into the hosts file itself; this name only the gateway knows. */
    @Test
    void wgetByProxychains() throws Exception {
        Path config = Files.writeString(
                folder.resolve("proxychains.conf"),
                "strict_chain\nproxy_dns\nquiet_mode\n[ProxyList]\nsocks5 127.0.0.1 1080\n");
        Path got = folder.resolve("got");
        try (TwoHosts hosts = TwoHosts.start(folder, "-D", "1080");
                WebServer server = WebServer.http(InetAddress.getByName(ClientHost.DESTINATION))) {
            hosts.host().count();
            hosts.host()
                    .program(
                            Tools.require("proxychains4"),
                            "-f",
                            config,
                            Tools.require("wget"),
                            "-q",
                            "-O",
                            got,
                            "http://web.test:" + server.port() + "/bytes/" + BYTES)
                    .run()
                    .ok();
            assertThat(got).hasBinaryContent(Pattern.bytes(1, BYTES));
            assertThat(hosts.host().leaks()).as(hosts.logs()).isZero();
        }
    }

    @Test
    void aJavaProgramWithASocksProxy() throws Exception {
        Path source = Files.writeString(folder.resolve("Fetch.java"), """
                import java.net.*;
                public class Fetch {
                    public static void main(String[] words) throws Exception {
                        System.out.println(URI.create(words[0]).toURL().openStream().readAllBytes().length);
                    }
                }
                """);
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
            assertThat(Program.run(
                                    java,
                                    "-DsocksProxyHost=127.0.0.1",
                                    "-DsocksProxyPort=" + BED.socksPort(),
                                    "-DsocksNonProxyHosts=",
                                    // Java leaves 127.* out by this one too, although no HTTP proxy is named.
                                    "-Dhttp.nonProxyHosts=",
                                    source.toString(),
                                    "http://127.0.0.1:" + server.port() + "/bytes/" + BYTES)
                            .ok()
                            .output())
                    .isEqualTo(BYTES + "\n");
            assertThat(BED.gateway().log()).as("what the gateway connected to").contains("127.0.0.1:" + server.port());
        }
    }
}
