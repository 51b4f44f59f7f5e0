package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.CheckedTraffic;
import holdfast.itest.harness.FlakyLink;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.Scale;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever happens to the only path, no stream ends and no byte is lost, doubled or swapped; streams go on as soon as there is a path again. */
class PathLossTest {
    private static final long SEED = Scale.seed("PathLossTest");
    private static final int STREAMS = Scale.of("streams", 30, 500);

    /** All streams move at least once: hundreds of them take their turns, on machines that have other things to do as well. */
    private static final Duration LIMIT = Duration.ofSeconds(30 + 2 * STREAMS);

    private static final int CUTS = Scale.of("cuts", 30, 10_000);
    private static final int BYTES_PER_SECOND = Scale.of("rate", 40_000_000, 40_000_000);

    /** So long a fault under which nothing moves is left alone before the next one; a path is given up sooner. */
    private static final Duration LONGEST_FAULT = Duration.ofMillis(Scale.of("longest-fault", 500, 500));

    /** After so many faults all streams have to go on; with hundreds of them that takes a while each time. */
    private static final int FAULTS_BETWEEN_CHECKS = Scale.of("check-every", 10, 100);

    @RegisterExtension
    static final TestBed BED = TestBed.plain().over(1, SEED);

    private PatternDestination destination;
    private CheckedTraffic traffic;
    private FlakyLink link;

    @BeforeEach
    void startTraffic() throws Exception {
        link = BED.link();
        link.rate(BYTES_PER_SECOND);
        destination = new PatternDestination();
        traffic = CheckedTraffic.start(() -> BED.socks().connect(destination.address()), STREAMS, SEED, LIMIT);
    }

    @AfterEach
    void everythingArrived() throws Exception {
        link.flow();
        link.up();
        traffic.stop(LIMIT);
        Await.until("the destination has no connections", LIMIT, () -> destination.open() == 0);
        closeDestination();
    }

    private void closeDestination() throws IOException {
        destination.close();
        destination.assertNothingWrong();
    }

    @Test
    void aReset() throws Exception {
        for (int i = 0; i < 5; i++) {
            int dialed = link.dialed();
            link.cut();
            traffic.awaitProgress(LIMIT);
            assertThat(link.dialed()).isGreaterThan(dialed);
        }
    }

    @Test
    void anEndOfFileInTheMiddle() throws Exception {
        for (int i = 0; i < 5; i++) {
            int dialed = link.dialed();
            link.finish();
            traffic.awaitProgress(LIMIT);
            assertThat(link.dialed()).isGreaterThan(dialed);
        }
    }

    @Test
    void silenceOfTheConnectionThatIsThere() throws Exception {
        int dialed = link.dialed();
        link.strand();
        traffic.awaitProgress(LIMIT);
        assertThat(link.dialed()).isGreaterThan(dialed);
    }

    @Test
    void silenceBothWays() throws Exception {
        outage();
    }

    @Test
    void silenceTowardsTheGateway() throws Exception {
        outage(FlakyLink.Direction.TO_GATEWAY);
    }

    @Test
    void silenceTowardsTheClient() throws Exception {
        outage(FlakyLink.Direction.TO_CLIENT);
    }

    /** Silent until the client has given the path up and dials again, which does not help either as long as it lasts. */
    private void outage(FlakyLink.Direction... directions) throws Exception {
        int dialed = link.dialed();
        link.stall(directions);
        Await.until("the client dials again", LIMIT, () -> link.dialed() > dialed);
        link.flow();
        traffic.awaitProgress(LIMIT);
    }

    @Test
    void aCutAtAnyByte() throws Exception {
        for (FlakyLink.Direction direction : FlakyLink.Direction.values()) {
            for (int bytes : new int[] {1, 100, 1_000, 3_000, 100_000, 1_000_000}) {
                int dialed = link.dialed();
                link.cutAfter(direction, bytes);
                Await.until("the link was cut", LIMIT, () -> link.dialed() > dialed);
            }
            traffic.awaitProgress(LIMIT);
        }
    }

    @Test
    void cutsInsideTheHandshakeOfTheNextPath() throws Exception {
        for (FlakyLink.Direction direction : FlakyLink.Direction.values()) {
            for (int bytes = 1; bytes < 4_000; bytes += Scale.of(397, 1)) {
                int dialed = link.dialed();
                link.cutAfter(direction, bytes);
                link.cut();
                Await.until(
                        "the client has tried again after " + bytes + " bytes", LIMIT, () -> link.dialed() > dialed);
            }
            traffic.awaitProgress(LIMIT);
        }
    }

    @Test
    void randomFaultsOneAfterTheOther() throws Exception {
        Random random = new Random(SEED);
        long start = System.nanoTime();
        for (int i = 0; i < CUTS; i++) {
            long passed = link.passed(FlakyLink.Direction.TO_CLIENT);
            long some = random.nextInt(BYTES_PER_SECOND / 20);
            Await.within(LONGEST_FAULT, () -> link.passed(FlakyLink.Direction.TO_CLIENT) > passed + some);
            switch (random.nextInt(6)) {
                case 0 -> link.cut();
                case 1 -> link.finish();
                case 2 -> link.strand();
                case 3 -> link.stall(direction(random));
                case 4 -> link.slice(1 + random.nextInt(3000));
                default -> link.cutAfter(direction(random), random.nextInt(20_000));
            }
            if (random.nextInt(3) == 0) {
                link.flow();
                link.slice(Integer.MAX_VALUE);
            }
            if (i % 10 == 9) {
                link.flow();
            }
            if ((i + 1) % FAULTS_BETWEEN_CHECKS == 0) {
                link.slice(Integer.MAX_VALUE);
                traffic.awaitProgress(LIMIT);
                if (CUTS > FAULTS_BETWEEN_CHECKS * 5) {
                    tell(i + 1, start);
                }
            }
        }
        tell(CUTS, start);
    }

    private void tell(int faults, long start) {
        System.err.printf(
                "PathLossTest: %d faults, %d connections dialed, %d streams at once, %.2f GB moved in %d s, all bytes checked%n",
                faults,
                link.dialed(),
                STREAMS,
                (link.passed(FlakyLink.Direction.TO_CLIENT) + link.passed(FlakyLink.Direction.TO_GATEWAY)) / 1e9,
                (System.nanoTime() - start) / 1_000_000_000);
    }

    private static FlakyLink.Direction direction(Random random) {
        return random.nextBoolean() ? FlakyLink.Direction.TO_GATEWAY : FlakyLink.Direction.TO_CLIENT;
    }
}
