package holdfast.itest;

import holdfast.itest.harness.PatternClient;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.TestBed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both programs work on every combination of event loop and TLS engine, also with different ones at the two ends. */
class TransportMatrixTest {
    @ParameterizedTest(name = "client {0} {1}, gateway {2} {3}")
    @CsvSource({
        "epoll, openssl, epoll, openssl",
        "nio, openssl, epoll, jdk",
        "epoll, jdk, nio, openssl",
        "nio, jdk, nio, jdk",
    })
    void aDownloadAnUploadAndAnEcho(String clientLoop, String clientTls, String gatewayLoop, String gatewayTls)
            throws Exception {
        TestBed both = TestBed.plain()
                .client("--transport", clientLoop, "--tls", clientTls)
                .gateway("--transport", gatewayLoop, "--tls", gatewayTls);
        try (TestBed bed = both.start();
                PatternDestination destination = new PatternDestination()) {
            new PatternClient(bed.socks().connect(destination.address())).get(20_000_000);
            new PatternClient(bed.socks().connect(destination.address())).put(20_000_000);
            try (PatternClient echo = new PatternClient(bed.socks().connect(destination.address())).beginEcho()) {
                for (int i = 0; i < 100; i++) {
                    echo.ping(100 * i + 1);
                }
            }
            destination.assertNothingWrong();
        }
    }
}
