package holdfast.path;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.PathStanding;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PathTest {
    private static final long MILLIS = 1_000_000;
    private static final long START = 1_000 * MILLIS;

    private final Path<String> path = new Path<>(0, START);

    @Test
    void anAcknowledgementSettlesWhatEndsBeforeItAndNothingElse() {
        path.joined(START);
        path.remember(100, "first", START);
        path.remember(50, "second", START);
        List<String> settled = new ArrayList<>();

        path.acknowledge(149, 0, START + 10 * MILLIS, settled::add);
        assertThat(settled).containsExactly("first");
        path.acknowledge(150, 0, START + 20 * MILLIS, settled::add);
        assertThat(settled).containsExactly("first", "second");
        assertThat(path.outstanding()).isZero();
    }

    @Test
    void anOlderCountIsNoProgress() {
        path.joined(START);
        path.remember(100, "first", START);
        path.remember(100, "second", START);
        path.acknowledge(100, 0, START + 10 * MILLIS, item -> {});

        path.acknowledge(100, 0, START + 90 * MILLIS, item -> {});

        assertThat(path.silentSince()).isEqualTo(START + 10 * MILLIS);
    }

    @Test
    void theTimeThatThePeerWaitedIsNotTheNetworks() {
        path.joined(START);
        path.remember(100, "first", START);

        path.acknowledge(100, 8 * MILLIS, START + 30 * MILLIS, item -> {});

        assertThat(path.rtt().smoothed(0)).isEqualTo(22 * MILLIS);
    }

    @Test
    void silenceIsMeasuredFromTheLastProgressWhileSomethingIsOut() {
        path.joined(START);
        assertThat(path.isWaiting()).isFalse();

        path.remember(100, "first", START + 50 * MILLIS);
        path.remember(100, "second", START + 70 * MILLIS);

        assertThat(path.silentSince()).isEqualTo(START + 50 * MILLIS);
        path.acknowledge(100, 0, START + 90 * MILLIS, item -> {});
        assertThat(path.silentSince()).isEqualTo(START + 90 * MILLIS);
        path.acknowledge(200, 0, START + 95 * MILLIS, item -> {});
        assertThat(path.isWaiting()).isFalse();
    }

    @Test
    void suspicionFollowsTheRoundTripButIsNeverHasty() {
        measure(1 * MILLIS);
        assertThat(path.suspectAfter()).isEqualTo(100 * MILLIS);
        assertThat(path.deadAfter(true)).isEqualTo(1000 * MILLIS);
        path.carried();
        assertThat(path.deadAfter(false)).isEqualTo(1000 * MILLIS);
        assertThat(path.deadAfter(true)).isEqualTo(30_000 * MILLIS);

        Path<String> slow = new Path<>(1, START);
        slow.rtt().sample(400 * MILLIS);
        assertThat(slow.suspectAfter()).isEqualTo((800 + 4 * 200 + 25) * MILLIS);
        assertThat(slow.deadAfter(true)).isEqualTo(3 * slow.suspectAfter());
    }

    @Test
    void aPathThatWasNeverHeardOfGetsTimeToAnswer() {
        assertThat(path.deadAfter(true)).isGreaterThanOrEqualTo(3000 * MILLIS);
    }

    @Test
    void anAnswerToAProbeRestoresTrustOnlyWhereNothingElseIsOut() {
        path.joined(START);
        path.remember(100, "data", START);
        path.suspect();
        path.probe(7, START);

        assertThat(path.probeAnswered(7, START + MILLIS)).isFalse();
        assertThat(path.state()).isEqualTo(PathState.SUSPECT);

        assertThat(path.acknowledge(100, 0, START + 2 * MILLIS, item -> {})).isTrue();
        assertThat(path.state()).isEqualTo(PathState.UP);
    }

    @Test
    void anAnswerToAnotherProbeMeansNothing() {
        path.joined(START);
        path.probe(7, START);

        path.probeAnswered(8, START + MILLIS);

        assertThat(path.isProbed()).isTrue();
        assertThat(path.rtt().hasSample()).isFalse();
    }

    @Test
    void aHoldUpOfTheCallerIsForgivenWithTimeToReadButOnlyOnceInASilence() {
        path.joined(START);
        path.remember(100, "data", START);

        path.forgive(1000 * MILLIS, START + 2000 * MILLIS);
        assertThat(path.silentSince()).isEqualTo(START + 1050 * MILLIS);
        path.forgive(100 * MILLIS, START + 2000 * MILLIS);
        assertThat(path.silentSince()).isEqualTo(START + 1150 * MILLIS);
        path.forgive(10_000 * MILLIS, START + 2000 * MILLIS);
        assertThat(path.silentSince()).isEqualTo(START + 2000 * MILLIS);
    }

    @Test
    void onlyALaterStandingIsNews() {
        assertThat(path.stand(PathStanding.STANDBY, 5)).isTrue();
        assertThat(path.stand(PathStanding.ACTIVE, 5)).isFalse();
        assertThat(path.stand(PathStanding.ACTIVE, 4)).isFalse();
        assertThat(path.standing()).isEqualTo(PathStanding.STANDBY);
        assertThat(path.stand(PathStanding.STANDBY, 6)).isFalse();
        assertThat(path.stand(PathStanding.METERED, 7)).isTrue();
    }

    @Test
    void arrivalWaitsForWhatIsOutBefore() {
        measure(20 * MILLIS);
        long idle = path.arrivalTime(0);

        path.remember(12_500, "a little", START);

        // Before anything was measured a path is taken for one of 10 Mbit/s.
        assertThat(path.arrivalTime(0) - idle).isBetween(9 * MILLIS, 11 * MILLIS);
    }

    @Test
    void whatANewConnectionDoesNotSendAtOnceWaitsForARoundTrip() {
        measure(20 * MILLIS);
        long idle = path.arrivalTime(0);

        path.remember(125_000, "much", START);

        assertThat(path.isBeyondStart()).isTrue();
        assertThat(path.arrivalTime(0) - idle).isBetween(119 * MILLIS, 121 * MILLIS);
    }

    @Test
    void theLogGivesBackEverythingOnceAndInOrder() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            ReplayLog<Integer> log = new ReplayLog<>();
            List<Integer> back = new ArrayList<>();
            int added = 0;
            for (int step = 0; step < 300; step++) {
                if (random.nextInt(3) > 0) {
                    log.add(added + 1L, 1, START + added, added);
                    added++;
                } else {
                    int expected = Math.max(back.size(), random.nextInt(added + 1));
                    int taken = log.acknowledge(expected, back::add);
                    assertThat(back).hasSize(expected);
                    if (taken > 0) {
                        assertThat(log.lastAcknowledgedSentAt()).isEqualTo(START + expected - 1);
                    }
                }
                assertThat(log.size()).isEqualTo(added - back.size());
            }
            List<Integer> seen = new ArrayList<>();
            log.forEach(seen::add);
            assertThat(seen).hasSize(log.size());
            log.drain(back::add);
            for (int i = 0; i < added; i++) {
                assertThat(back.get(i)).isEqualTo(i);
            }
            assertThat(log.isEmpty()).isTrue();
        }
    }

    @Test
    void theRoundTripIsSmoothedAsInRfc9002() {
        RttEstimator rtt = new RttEstimator();
        rtt.sample(80 * MILLIS);
        assertThat(rtt.smoothed(0)).isEqualTo(80 * MILLIS);
        assertThat(rtt.variation()).isEqualTo(40 * MILLIS);

        rtt.sample(160 * MILLIS);

        assertThat(rtt.variation()).isEqualTo(50 * MILLIS);
        assertThat(rtt.smoothed(0)).isEqualTo(90 * MILLIS);
        assertThat(rtt.minimum(0)).isEqualTo(80 * MILLIS);
        assertThat(rtt.latest()).isEqualTo(160 * MILLIS);
    }

    @Test
    void anImpossibleRoundTripIsTheShortestPossible() {
        RttEstimator rtt = new RttEstimator();

        rtt.sample(-5);

        assertThat(rtt.smoothed(0)).isEqualTo(1);
    }

    @Test
    void aRateIsWhatRoundsWithWorkShow() {
        DeliveryRate rate = new DeliveryRate();
        assertThat(rate.bytesPerSecond(42)).isEqualTo(42);
        long now = START;
        rate.acknowledged(0, now, 10 * MILLIS);
        for (int i = 0; i < 20; i++) {
            now += 10 * MILLIS;
            rate.acknowledged(10_000, now, 10 * MILLIS);
        }
        assertThat(rate.bytesPerSecond(42)).isEqualTo(1e6);

        // Little was offered: that shows nothing.
        for (int i = 0; i < 50; i++) {
            now += 10 * MILLIS;
            rate.lackedWork();
            rate.acknowledged(100, now, 10 * MILLIS);
        }
        assertThat(rate.bytesPerSecond(42)).isEqualTo(1e6);

        // Much was offered and little arrived: the path has become slow.
        for (int i = 0; i < 10; i++) {
            now += 10 * MILLIS;
            rate.acknowledged(1000, now, 10 * MILLIS);
        }
        assertThat(rate.bytesPerSecond(42)).isEqualTo(1e5);
    }

    @Test
    void theSelectorTakesTheBestStandingAndAmongThoseTheEarliestArrival() {
        Path<String> near = up(1, 10 * MILLIS);
        Path<String> far = up(2, 100 * MILLIS);
        Path<String> standby = up(3, MILLIS);
        standby.stand(PathStanding.STANDBY, 1);
        Path<String> joining = new Path<>(4, START);
        List<Path<String>> all = List.of(joining, standby, far, near);
        PathSelector<String> selector = new PathSelector<>(all);

        assertThat(selector.usable()).containsExactly(far, near);
        assertThat(selector.fastest(0)).isSameAs(near);
        near.remember(1_000_000, "much", START);
        assertThat(selector.fastest(0)).isSameAs(far);
        near.suspect();
        far.suspect();
        assertThat(selector.usable()).containsExactly(standby);
        standby.suspect();
        assertThat(selector.fastest(0)).isNull();
    }

    private static Path<String> up(long id, long roundTrip) {
        Path<String> path = new Path<>(id, START);
        path.joined(START);
        path.rtt().sample(roundTrip);
        return path;
    }

    private void measure(long roundTrip) {
        path.joined(START);
        for (int i = 0; i < 50; i++) {
            path.rtt().sample(roundTrip);
        }
    }
}
