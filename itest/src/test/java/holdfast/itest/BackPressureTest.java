package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Background;
import holdfast.itest.harness.Pattern;
import holdfast.itest.harness.PatternClient;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.StreamPair;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A program or destination that does not read slows its own stream down to a halt, and nothing else; what waits for it stays within bounds. */
class BackPressureTest {
    private static final long MEBIBYTE = 1L << 20;
    private static final Duration QUIET = Duration.ofMillis(700);
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int SLOW_STREAMS = 100;
    /** What may lie between two programs for one stream: two windows as they are at the start, and the socket buffers. */
    private static final long MOST_UNDER_WAY = 48 * MEBIBYTE;

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    private PatternDestination destination;

    @BeforeEach
    void openDestination() throws IOException {
        destination = new PatternDestination();
    }

    @AfterEach
    void closeDestination() throws IOException {
        destination.close();
        destination.assertNothingWrong();
    }

    private PatternClient open() throws IOException {
        return new PatternClient(BED.socks().connect(destination.address()));
    }

    /** Everything that other streams can want, done while something is stuck. */
    private void othersGoOn() throws Exception {
        try (PatternClient echo = open().beginEcho()) {
            Background bulk = Background.run(() -> {
                open().get(32 * MEBIBYTE);
                open().put(32 * MEBIBYTE);
            });
            Background typing = Background.run(() -> {
                for (int i = 0; i < 500; i++) {
                    echo.ping(64);
                }
            });
            typing.await(LIMIT);
            bulk.await(LIMIT);
        }
    }

    @Test
    void aProgramThatDoesNotReadStopsItsDestinationOnly() throws Exception {
        try (PatternClient slow = open()) {
            slow.beginGet(256 * MEBIBYTE);
            long stuckAt = Await.steady("what the destination could send", QUIET, LIMIT, destination::sent);
            assertThat(stuckAt).isBetween(1L, MOST_UNDER_WAY);

            othersGoOn();

            assertThat(destination.sent()).isEqualTo(stuckAt + 32 * MEBIBYTE);
            slow.read(256 * MEBIBYTE);
            slow.expectEnd();
        }
    }

    @Test
    void aDestinationThatDoesNotReadStopsItsProgramOnly() throws Exception {
        long seed = 5;
        AtomicLong sent = new AtomicLong();
        try (StreamPair slow = StreamPair.open(BED.socks())) {
            Background upload = Background.run(() -> {
                byte[] block = new byte[64 * 1024];
                InputStream content = Pattern.stream(seed, 256 * MEBIBYTE);
                for (int size = content.read(block); size >= 0; size = content.read(block)) {
                    slow.client().getOutputStream().write(block, 0, size);
                    sent.addAndGet(size);
                }
                slow.client().shutdownOutput();
            });
            long stuckAt = Await.steady("what the program could send", QUIET, LIMIT, sent::get);
            assertThat(stuckAt).isBetween(1L, MOST_UNDER_WAY);

            othersGoOn();

            assertThat(sent.get()).isEqualTo(stuckAt);
            assertThat(readChecked(slow.destination().getInputStream(), seed)).isEqualTo(256 * MEBIBYTE);
            upload.await(LIMIT);
        }
    }

    private static long readChecked(InputStream in, long seed) throws IOException {
        byte[] block = new byte[64 * 1024];
        long done = 0;
        for (int size = in.read(block); size >= 0; size = in.read(block)) {
            Pattern.check(seed, done, ByteBuffer.wrap(block, 0, size));
            done += size;
        }
        return done;
    }

    @Test
    void manyProgramsThatDoNotReadLeaveRoomForOthersAndMemory() throws Exception {
        othersGoOn();
        long clientBefore = BED.client().residentBytes();
        long gatewayBefore = BED.gateway().residentBytes();
        List<PatternClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_STREAMS; i++) {
                PatternClient stream = open();
                stream.beginGet(64 * MEBIBYTE);
                slow.add(stream);
            }
            Await.steady("what the destination could send", QUIET, LIMIT, destination::sent);

            othersGoOn();

            assertThat(BED.client().residentBytes() - clientBefore)
                    .as("growth of the client")
                    .isLessThan(200 * MEBIBYTE);
            assertThat(BED.gateway().residentBytes() - gatewayBefore)
                    .as("growth of the gateway")
                    .isLessThan(200 * MEBIBYTE);
            for (PatternClient each : slow) {
                each.read(100_000);
            }
        } finally {
            for (PatternClient each : slow) {
                each.close();
            }
        }
        Await.until("the gateway has let go of the slow streams", LIMIT, () -> destination.open() == 0);
        othersGoOn();
    }
}
