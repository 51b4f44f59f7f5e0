package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Background;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.PatternClient;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.Scale;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Thousands of idle streams and hundreds of busy ones, opened and closed all the time: no error, and afterwards nothing is left of them. */
class ManyStreamsTest {
    private static final int IDLE = Scale.of("idle", 1000, 5000);
    private static final int BUSY = Scale.of("busy", 100, 500);
    private static final Duration ROUND = Duration.ofSeconds(Scale.of("seconds", 6, 60));
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int OPENERS = 16;
    private static final long MEBIBYTE = 1L << 20;
    /** Descriptors that may come and go for other reasons: a status request, a class file. */
    private static final int SPARE_FILES = 8;

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    private final Random seeds = new Random(Scale.seed("ManyStreamsTest"));

    @Test
    void nothingIsLeftOfThousandsOfStreams() throws Exception {
        try (PatternDestination destination = new PatternDestination()) {
            open(destination).get(1000);
            settle(destination);
            long clientFiles = BED.client().openFiles();
            long gatewayFiles = BED.gateway().openFiles();

            round(destination);
            long clientMemory = BED.client().residentBytes();
            long gatewayMemory = BED.gateway().residentBytes();
            round(destination);

            Await.until(
                    "the client has closed its files",
                    LIMIT,
                    () -> BED.client().openFiles() <= clientFiles + SPARE_FILES);
            Await.until(
                    "the gateway has closed its files",
                    LIMIT,
                    () -> BED.gateway().openFiles() <= gatewayFiles + SPARE_FILES);
            assertThat(BED.client().residentBytes())
                    .as("the client's memory")
                    .isLessThan(clientMemory * 5 / 4 + 32 * MEBIBYTE);
            assertThat(BED.gateway().residentBytes())
                    .as("the gateway's memory")
                    .isLessThan(gatewayMemory * 5 / 4 + 32 * MEBIBYTE);
            report();
            destination.assertNothingWrong();
        }
    }

    private PatternClient open(PatternDestination destination) throws IOException {
        return new PatternClient(BED.socks().connect(destination.address()));
    }

    private void round(PatternDestination destination) throws Exception {
        Queue<PatternClient> idle = new ConcurrentLinkedQueue<>();
        AtomicInteger left = new AtomicInteger(IDLE);
        for (Background each : Background.times(OPENERS, () -> openIdle(destination, left, idle))) {
            each.await(LIMIT);
        }
        long end = System.nanoTime() + ROUND.toNanos();
        List<Background> busy = Background.times(BUSY, () -> keepBusy(destination, new Random(nextSeed()), end));
        for (Background each : busy) {
            each.await(ROUND.plus(LIMIT));
        }
        for (PatternClient each : idle) {
            each.ping(64);
            each.close();
        }
        settle(destination);
    }

    private void openIdle(PatternDestination destination, AtomicInteger left, Queue<PatternClient> idle)
            throws IOException {
        while (left.getAndDecrement() > 0) {
            PatternClient stream = open(destination).beginEcho();
            stream.ping(64);
            idle.add(stream);
        }
    }

    private void keepBusy(PatternDestination destination, Random random, long end) throws IOException {
        while (System.nanoTime() - end < 0) {
            int bytes = random.nextInt(random.nextInt(10) == 0 ? 1_000_000 : 10_000);
            try (PatternClient stream = open(destination)) {
                switch (random.nextInt(4)) {
                    case 0 -> stream.get(bytes);
                    case 1 -> stream.put(bytes);
                    case 2 -> stream.beginEcho().ping(1 + bytes % 10_000);
                    default -> {
                        // given up half-way, with bytes of both kinds under way
                        stream.beginGet(bytes + 1);
                        stream.read(bytes / 2);
                    }
                }
            }
        }
    }

    private synchronized long nextSeed() {
        return seeds.nextLong();
    }

    /** All streams are over, at the destination and in what both programs say of themselves. */
    private static void settle(PatternDestination destination) throws Exception {
        Await.until("the destination has no connections", LIMIT, () -> destination.open() == 0);
        Await.until(
                "the client counts no streams",
                LIMIT,
                () -> BED.clientStatus().get("streams").asLong() == 0);
        Await.until(
                "the gateway counts no streams",
                LIMIT,
                () -> BED.gatewayStatus().get("streams").asLong() == 0);
    }

    private static void report() throws IOException {
        for (Daemon each : List.of(BED.client(), BED.gateway())) {
            System.err.println("ManyStreamsTest: " + each.name() + " afterwards: " + each.residentBytes() / MEBIBYTE
                    + " MiB, " + each.openFiles() + " files");
        }
    }
}
