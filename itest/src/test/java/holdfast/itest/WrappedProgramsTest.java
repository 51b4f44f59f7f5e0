package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Pattern;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
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

    @Test
    void wgetByProxychains() throws Exception {
        Path config = Files.writeString(
                folder.resolve("proxychains.conf"),
                "strict_chain\nproxy_dns\nquiet_mode\n[ProxyList]\nsocks5 127.0.0.1 " + BED.socksPort() + "\n");
        fetches("proxychains4", "-f", config.toString());
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
                                    source.toString(),
                                    "http://127.0.0.1:" + server.port() + "/bytes/" + BYTES)
                            .ok()
                            .output())
                    .isEqualTo(BYTES + "\n");
            assertThat(BED.gateway().log()).as("what the gateway connected to").contains("127.0.0.1:" + server.port());
        }
    }

    private void fetches(String... wrapper) throws Exception {
        Path got = folder.resolve("got");
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            String[] rest = new String[wrapper.length + 4];
            System.arraycopy(wrapper, 1, rest, 0, wrapper.length - 1);
            rest[wrapper.length - 1] = "wget";
            rest[wrapper.length] = "-q";
            rest[wrapper.length + 1] = "-O";
            rest[wrapper.length + 2] = got.toString();
            rest[wrapper.length + 3] = "http://localhost:" + server.port() + "/bytes/" + BYTES;
            Program.of(wrapper[0], rest).run().ok();
            assertThat(BED.gateway().log()).as("what the gateway connected to").contains("localhost:" + server.port());
            assertThat(got).hasBinaryContent(Pattern.bytes(1, BYTES));
        }
    }
}
