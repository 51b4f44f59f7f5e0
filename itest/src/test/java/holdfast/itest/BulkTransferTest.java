package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Background;
import holdfast.itest.harness.PatternClient;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.Sha256;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.WebServer;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gibibyte goes through either way, and every byte of it is right. */
class BulkTransferTest {
    private static final long GIBIBYTE = 1L << 30;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @Test
    void curlDownloadsAGibibyte() throws Exception {
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            Sha256.Sink sink = new Sha256.Sink();

            Program.of("curl", "-sSf", "-x", BED.proxyUrl(), "http://localhost:" + server.port() + "/bytes/" + GIBIBYTE)
                    .limit(LIMIT)
                    .outputTo(sink)
                    .run()
                    .ok();

            assertThat(sink.length()).isEqualTo(GIBIBYTE);
            assertThat(sink.hex()).isEqualTo(WebServer.sumOf(GIBIBYTE));
        }
    }

    @Test
    void curlUploadsAGibibyte() throws Exception {
        try (WebServer server = WebServer.http(InetAddress.getLoopbackAddress())) {
            Program.Result answer = Program.of(
                            "curl",
                            "-sSf",
                            "-x",
                            BED.proxyUrl(),
                            "-T",
                            "-",
                            "-H",
                            "Transfer-Encoding:",
                            "-H",
                            "Content-Length: " + GIBIBYTE,
                            "http://localhost:" + server.port() + "/sum")
                    .limit(LIMIT)
                    .input(WebServer.content(GIBIBYTE))
                    .run()
                    .ok();

            assertThat(answer.output().strip()).isEqualTo(WebServer.sumOf(GIBIBYTE));
        }
    }

    @Test
    void aGibibyteBothWaysAtOnceOnTwoStreamsIsCheckedByteByByte() throws Exception {
        try (PatternDestination destination = new PatternDestination();
                PatternClient download = new PatternClient(BED.socks().connect(destination.address()));
                PatternClient upload = new PatternClient(BED.socks().connect(destination.address()))) {
            var uploaded = Background.run(() -> upload.put(GIBIBYTE));
            var downloaded = Background.run(() -> download.get(GIBIBYTE));

            downloaded.await(LIMIT);
            uploaded.await(LIMIT);
            destination.assertNothingWrong();
        }
    }
}
