package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.FtpServer;
import holdfast.itest.harness.Pattern;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.Sha256;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.TestCertificate;
import holdfast.itest.harness.WebServer;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same port serves programs that know HTTP proxies only: plain requests, and CONNECT for everything else. */
class HttpProxyTest {
    private static final int BYTES = 3_000_000;

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @TempDir
    Path folder;

    private Program curl(String... arguments) {
        List<String> words =
                new ArrayList<>(List.of("-sS", "--max-time", "50", "-x", "http://127.0.0.1:" + BED.socksPort()));
        words.addAll(List.of(arguments));
        return Program.of("curl", words.toArray(String[]::new));
    }

    private static String sumOf(Program download) throws Exception {
        Sha256.Sink sink = new Sha256.Sink();
        download.outputTo(sink).run().ok();
        return sink.hex();
    }

    @Test
    void aPlainRequestAndItsAnswer() throws Exception {
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            String at = "http://localhost:" + server.port();

            assertThat(sumOf(curl("-f", at + "/bytes/" + BYTES))).isEqualTo(WebServer.sumOf(BYTES));
            assertThat(curl("-f", "-T", "-", at + "/sum")
                            .input(WebServer.content(BYTES))
                            .run()
                            .ok()
                            .output()
                            .strip())
                    .isEqualTo(WebServer.sumOf(BYTES));
        }
    }

    @Test
    void manyRequestsOnOneConnection() throws Exception {
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            Program.Result result = curl(
                            "-f",
                            "--output",
                            folder.resolve("#1").toString(),
                            "--write-out",
                            "%{num_connects}",
                            "http://localhost:" + server.port() + "/bytes/[1000-1019]")
                    .run()
                    .ok();

            assertThat(result.output())
                    .as("connections to the proxy, for each request")
                    .isEqualTo("1" + "0".repeat(19));
            for (int bytes = 1000; bytes < 1020; bytes++) {
                assertThat(folder.resolve(Integer.toString(bytes))).hasSize(bytes);
            }
        }
    }

    @Test
    void httpsByConnect() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder);
        try (WebServer server = WebServer.https(InetAddress.getLoopbackAddress(), certificate)) {
            Program download = curl(
                    "-f",
                    "--cacert",
                    certificate.certificate().toString(),
                    "https://localhost:" + server.port() + "/bytes/" + BYTES);

            assertThat(sumOf(download)).isEqualTo(WebServer.sumOf(BYTES));
        }
    }

    @ParameterizedTest
    @CsvSource({"localhost, 502", "127.0.0.2, 403", "no-such-host.invalid, 502"})
    void aFailureHasItsStatus(String host, int status) throws Exception {
        String url = "http://" + host + ":" + Ports.free() + "/";

        assertThat(curl("-o", "/dev/null", "-w", "%{http_code}", url).run().output())
                .isEqualTo(Integer.toString(status));
        assertThat(curl("-p", "-o", "/dev/null", "-w", "%{http_connect}", url)
                        .run()
                        .output())
                .isEqualTo(Integer.toString(status));
    }

    @Test
    void lftpByConnectInPassiveMode() throws Exception {
        try (FtpServer server = FtpServer.start(folder)) {
            Files.write(server.files().resolve("file"), Pattern.bytes(1, BYTES));
            String settings = "set ftp:use-hftp no; set ftp:proxy http://127.0.0.1:" + BED.socksPort()
                    + "; set net:max-retries 1; set net:timeout 20; set ftp:ssl-allow no; set cmd:fail-exit yes";
            Path local = Files.createDirectory(folder.resolve("local"));

            Program.of("lftp", "-c", settings + "; open ftp://127.0.0.1:" + server.port() + "; ls; get file")
                    .in(local)
                    .with("HOME", local.toString())
                    .run()
                    .ok();

            assertThat(local.resolve("file")).hasBinaryContent(Pattern.bytes(1, BYTES));
        }
    }
}
