package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Http2Server;
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
import org.junit.jupiter.params.provider.ValueSource;

/** An unmodified curl reaches HTTP, HTTPS and HTTP/2 servers, and is told the truth when there is none. */
class CurlTest {
    private static final int CURLE_PROXY = 97;
    private static final int MILLION = 1_000_000;

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @TempDir
    Path folder;

    private Program curl(String... arguments) {
        List<String> words = new ArrayList<>(List.of("--silent", "--show-error", "--fail", "--max-time", "50"));
        words.addAll(List.of("--proxy", BED.proxyUrl()));
        words.addAll(List.of(arguments));
        return Program.of("curl", words.toArray(String[]::new));
    }

    private String sumOf(Program download) throws Exception {
        Sha256.Sink sink = new Sha256.Sink();
        download.outputTo(sink).run().ok();
        return sink.hex();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "127.0.0.1, localhost", "::1, [::1]"})
    void httpByAddressAndByName(String listen, String host) throws Exception {
        try (WebServer server = WebServer.http(InetAddress.getByName(listen))) {
            String url = "http://" + host + ":" + server.port() + "/bytes/" + MILLION;

            assertThat(sumOf(curl(url))).isEqualTo(WebServer.sumOf(MILLION));
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "127.0.0.1, localhost", "::1, [::1]"})
    void httpsByAddressAndByName(String listen, String host) throws Exception {
        TestCertificate certificate = TestCertificate.make(folder);
        try (WebServer server = WebServer.https(InetAddress.getByName(listen), certificate)) {
            String url = "https://" + host + ":" + server.port() + "/bytes/" + MILLION;

            assertThat(sumOf(curl("--cacert", certificate.certificate().toString(), url)))
                    .isEqualTo(WebServer.sumOf(MILLION));
        }
    }

    @Test
    void anUploadArrivesWhole() throws Exception {
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            Program.Result answer = curl("--upload-file", "-", "http://localhost:" + server.port() + "/sum")
                    .input(WebServer.content(MILLION))
                    .run()
                    .ok();

            assertThat(answer.output().strip()).isEqualTo(WebServer.sumOf(MILLION));
        }
    }

    @Test
    void http2() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder);
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.write(files.resolve("million"), Pattern.bytes(1, MILLION));
        try (Http2Server server = Http2Server.start(files, folder.resolve("nghttpd.log"), certificate)) {
            Path got = folder.resolve("got");

            Program.Result result = curl(
                            "--http2",
                            "--cacert",
                            certificate.certificate().toString(),
                            "--write-out",
                            "%{http_version}",
                            "--output",
                            got.toString(),
                            "https://localhost:" + server.port() + "/million")
                    .run()
                    .ok();

            assertThat(result.output()).isEqualTo("2");
            assertThat(Sha256.of(got)).isEqualTo(WebServer.sumOf(MILLION));
        }
    }

    @Test
    void twoHundredAtOnce() throws Exception {
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            curl(
                            "--parallel",
                            "--parallel-immediate",
                            "--parallel-max",
                            "200",
                            "--output",
                            folder.resolve("#1").toString(),
                            "http://localhost:" + server.port() + "/bytes/[100000-100199]")
                    .run()
                    .ok();

            for (int bytes = 100_000; bytes < 100_200; bytes++) {
                assertThat(Sha256.of(folder.resolve(Integer.toString(bytes))))
                        .as("the download of %d bytes", bytes)
                        .isEqualTo(WebServer.sumOf(bytes));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]"})
    void aRefusedConnectionIsReportedAsRefused(String host) throws Exception {
        Program.Result result =
                curl("http://" + host + ":" + Ports.free() + "/").run();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(CURLE_PROXY);
        assertThat(result.errors()).contains("(5)");
    }

    @Test
    void aDestinationThatIsNotAllowedIsReportedAsNotAllowed() throws Exception {
        Program.Result result = curl("http://127.0.0.2:" + Ports.free() + "/").run();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(CURLE_PROXY);
        assertThat(result.errors()).contains("(2)");
    }

    @Test
    void aNameThatDoesNotExistIsReportedAsUnreachable() throws Exception {
        Program.Result result = curl("http://no-such-host.invalid:81/").run();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(CURLE_PROXY);
        assertThat(result.errors()).contains("(4)");
    }
}
