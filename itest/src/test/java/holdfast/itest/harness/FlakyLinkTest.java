package holdfast.itest.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The link does what it is told, so that a test that passes over it means something. */
class FlakyLinkTest {
    private static final int MILLION = 1_000_000;

    private PatternDestination destination;
    private FlakyLink link;

    @BeforeEach
    void connectLink() throws IOException {
        destination = new PatternDestination();
        link = new FlakyLink(destination.address().getPort(), 1);
    }

    @AfterEach
    void closeLink() throws IOException {
        link.close();
        destination.close();
        destination.assertNothingWrong();
    }

    private PatternClient dial() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port());
        socket.setSoTimeout(30_000);
        return new PatternClient(socket);
    }

    @Test
    void aFairLinkPassesEveryByteAndBothEnds() throws Exception {
        dial().get(50 * MILLION);
        dial().put(50 * MILLION);

        Await.until("the link has closed both connections", Duration.ofSeconds(10), () -> link.open() == 0);
        assertThat(link.dialed()).isEqualTo(2);
    }

    @Test
    void aSlicingLinkPassesEveryByte() throws Exception {
        link.slice(100);

        dial().get(MILLION);
        dial().put(MILLION);
    }

    @Test
    void aCutIsSeenAsResetAtBothEnds() throws Exception {
        PatternClient echo = dial().beginEcho();
        echo.ping(100);

        link.cut();

        assertThatThrownBy(() -> echo.read(1)).isInstanceOf(SocketException.class);
        Await.until("the destination has lost its connection", Duration.ofSeconds(10), () -> destination.open() == 0);
    }

    @Test
    void aFinishIsSeenAsTheEndOfTheStream() throws Exception {
        PatternClient echo = dial().beginEcho();
        echo.ping(100);

        link.finish();

        assertThat(echo.socket().getInputStream().read()).isEqualTo(-1);
        echo.close();
        Await.until("the connection is gone", Duration.ofSeconds(10), () -> destination.open() == 0);
    }

    @Test
    void aStallHoldsBytesBackInItsDirectionOnly() throws Exception {
        PatternClient echo = dial().beginEcho();
        echo.ping(100);
        link.stall(FlakyLink.Direction.TO_CLIENT);
        long before = link.passed(FlakyLink.Direction.TO_GATEWAY);

        echo.socket().setSoTimeout(300);
        assertThatThrownBy(() -> echo.ping(100)).isInstanceOf(SocketTimeoutException.class);
        assertThat(link.passed(FlakyLink.Direction.TO_GATEWAY)).isEqualTo(before + 100);

        link.flow();
        echo.socket().setSoTimeout(30_000);
        echo.read(100);
    }

    @Test
    void aStrandedConnectionHearsNothingMoreAndANewOneDoes() throws Exception {
        PatternClient echo = dial().beginEcho();
        echo.ping(100);

        link.strand();

        echo.socket().setSoTimeout(300);
        assertThatThrownBy(() -> echo.ping(100)).isInstanceOf(SocketTimeoutException.class);
        dial().beginEcho().ping(100);
    }

    @Test
    void aLinkThatIsDownResetsNewConnectionsOnly() throws Exception {
        PatternClient echo = dial().beginEcho();
        echo.ping(100);

        link.down();
        assertThatThrownBy(() -> dial().get(1)).isInstanceOf(SocketException.class);
        echo.ping(100);
        link.up();

        dial().get(1);
    }

    @Test
    void delayAndRateTakeTheirTime() throws Exception {
        link.delay(Duration.ofMillis(50));
        PatternClient echo = dial().beginEcho();
        long start = System.nanoTime();
        echo.ping(100);
        assertThat(System.nanoTime() - start)
                .isGreaterThan(Duration.ofMillis(100).toNanos());

        link.delay(Duration.ZERO);
        link.rate(2 * MILLION);
        start = System.nanoTime();
        dial().get(MILLION);
        assertThat(System.nanoTime() - start)
                .isGreaterThan(Duration.ofMillis(450).toNanos());
    }

    @Test
    void aCutCanBePlacedBehindAnyByte() throws Exception {
        for (int n : new int[] {1, 2, 23, 24, 25, 70_000}) {
            PatternClient upload = dial();
            link.cutAfter(FlakyLink.Direction.TO_GATEWAY, n);
            long before = link.passed(FlakyLink.Direction.TO_GATEWAY);

            assertThatThrownBy(() -> upload.put(MILLION)).isInstanceOf(SocketException.class);

            assertThat(link.passed(FlakyLink.Direction.TO_GATEWAY) - before).isEqualTo(n);
        }
    }
}
