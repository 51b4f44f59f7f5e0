package holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.path.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What several paths do together over modelled links, in virtual time (PROTOCOL.md section 7). */
final class SeveralPathsTest {
    private static final long MILLIS = LinkedPair.MILLIS;
    private static final long SECOND = LinkedPair.SECOND;
    private static final double MBIT = 125_000;

    @Test
    void twoEqualPathsCarryOneDownloadTogether() {
        try (LinkedPair pair = new LinkedPair()) {
            pair.join(pair.link(20 * MBIT, 10 * MILLIS, 100_000));
            pair.clock.run(SECOND);
            pair.join(pair.link(20 * MBIT, 10 * MILLIS, 100_000));
            pair.clock.run(SECOND);
            pair.download();
            pair.clock.run(2 * SECOND);

            assertThat(downloaded(pair, 10 * SECOND)).isGreaterThan(0.94 * 40 * MBIT);
        }
    }

    @Test
    void aLongPathAddsWhatItHasAndKeystrokesStayOnTheShortOne() {
        try (LinkedPair pair = new LinkedPair()) {
            pair.join(pair.link(20 * MBIT, 10 * MILLIS, 200_000));
            pair.join(pair.link(20 * MBIT, 100 * MILLIS, 200_000));
            pair.clock.run(SECOND);
            pair.download();
            List<Long> echo = pair.echo(50 * MILLIS);
            pair.clock.run(3 * SECOND);
            echo.clear();

            assertThat(downloaded(pair, 15 * SECOND)).isGreaterThan(1.8 * 20 * MBIT);
            assertThat(percentile(echo, 50)).isLessThan(45 * MILLIS);
            assertThat(percentile(echo, 99)).isLessThan(80 * MILLIS);
        }
    }

    @Test
    void aDownloadThatBeginsDoesNotStandStillBehindALongPathThatBeginsAsWell() {
        try (LinkedPair pair = new LinkedPair()) {
            pair.join(pair.link(20 * MBIT, 10 * MILLIS, 200_000));
            pair.join(pair.link(20 * MBIT, 100 * MILLIS, 200_000));
            pair.clock.run(SECOND);
            pair.download();
            pair.clock.run(50 * MILLIS);

            assertThat(longestStandstill(pair, SECOND)).isLessThan(300 * MILLIS);
        }
    }

    @Test
    void acknowledgementsOfAnUploadAreNotTakenForALoadOfTheirWay() {
        try (LinkedPair pair = new LinkedPair()) {
            pair.join(pair.link(20 * MBIT, 10 * MILLIS, 100_000));
            pair.join(pair.link(20 * MBIT, 10 * MILLIS, 100_000));
            pair.clock.run(SECOND);
            pair.download();
            pair.clock.run(3 * SECOND);
            pair.pauseDownloads();
            pair.upload();
            pair.clock.run(10 * SECOND);
            pair.pauseUploads();
            pair.clock.run(SECOND);
            pair.resumeDownloads();
            pair.clock.run(2 * SECOND);

            assertThat(downloaded(pair, 10 * SECOND)).isGreaterThan(0.94 * 40 * MBIT);
        }
    }

    @Test
    void whatAPathThatHasBecomeSlowKeepsIsSentOnTheOtherWithinAShare() {
        try (LinkedPair pair = new LinkedPair()) {
            pair.join(pair.link(20 * MBIT, 10 * MILLIS, 100_000));
            LinkedPair.Link second = pair.link(20 * MBIT, 10 * MILLIS, 100_000);
            pair.join(second);
            pair.clock.run(SECOND);
            pair.download();
            pair.clock.run(3 * SECOND);
            second.down().setRate(1 * MBIT);

            assertThat(longestStandstill(pair, 10 * SECOND)).isLessThan(400 * MILLIS);
            assertThat(downloaded(pair, 5 * SECOND)).isGreaterThan(0.85 * 20 * MBIT);
            List<Path<Sent>> paths = pair.gateway.session.pathTable().all();
            long again = paths.stream().mapToLong(Path::repeated).sum();
            long sent = paths.stream().mapToLong(Path::sent).sum();
            assertThat(again).isBetween(1L, sent / 20 + 16 * 1024);
        }
    }

    @Test
    void aBusyProcessorIsNotTakenForAQueueOrForALostPath() {
        try (LinkedPair pair = new LinkedPair()) {
            pair.join(pair.link(20 * MBIT, 10 * MILLIS, 100_000));
            pair.join(pair.link(20 * MBIT, 10 * MILLIS, 100_000));
            pair.gateway.starve(new Random(1), 15 * MILLIS, 30 * MILLIS);
            pair.clock.run(SECOND);
            pair.download();
            pair.clock.run(2 * SECOND);

            assertThat(downloaded(pair, 20 * SECOND)).isGreaterThan(0.68 * 40 * MBIT);
            assertThat(pair.gateway.suspicions + pair.client.suspicions).isZero();
        }
    }

    /** Bytes a second of what programs read. */
    private static double downloaded(LinkedPair pair, long nanos) {
        long before = pair.client.read;
        for (long passed = 0; passed < nanos; passed += SECOND) {
            pair.clock.run(SECOND);
            if (Boolean.getBoolean("holdfast.show")) {
                pair.show();
            }
        }
        return (pair.client.read - before) / (nanos / 1e9);
    }

    /** How long the program at most had nothing to read. */
    private static long longestStandstill(LinkedPair pair, long nanos) {
        long longest = 0;
        long since = pair.clock.now();
        long read = pair.client.read;
        for (long passed = 0; passed < nanos; passed += MILLIS) {
            pair.clock.run(MILLIS);
            if (pair.client.read > read) {
                read = pair.client.read;
                since = pair.clock.now();
            }
            longest = Math.max(longest, pair.clock.now() - since);
        }
        return longest;
    }

    private static long percentile(List<Long> nanos, int percent) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return sorted.get(sorted.size() * percent / 100);
    }
}
