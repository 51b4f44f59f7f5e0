package holdfast.path;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.linkmodel.Bottleneck;
import holdfast.linkmodel.Clockwork;
import holdfast.linkmodel.TcpModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The limit over a modelled bottleneck, in virtual time: how long what is urgent would wait in the queue, and how much of the link is used. */
final class InFlightLimitTest {
    private static final long MILLIS = 1_000_000;
    private static final long SECOND = 1000 * MILLIS;
    private static final double MBIT = 125_000;

    private final Clockwork clock = new Clockwork();

    /** What an interval showed. */
    private record Shown(long p50, long p99, double busy) {}

    @Test
    void theQueueStaysShortAndTheLinkFull() {
        Bottleneck link = new Bottleneck(clock, 50 * MBIT, 25 * MILLIS, 300_000);
        LimitedSender sender = start(link);
        clock.run(3 * SECOND);

        Shown shown = watch(link, 20 * SECOND);

        assertThat(shown.p50).as("queue").isLessThan(9 * MILLIS);
        assertThat(shown.p99).as("queue").isLessThan(20 * MILLIS);
        assertThat(shown.busy).as("share of the link").isGreaterThan(0.98);
        assertThat(sender.lostSegments()).isLessThan(400);
    }

    @Test
    void aSlowLinkWithADeepQueueStaysUsable() {
        Bottleneck link = new Bottleneck(clock, 5 * MBIT, 40 * MILLIS, 500_000);
        start(link);
        clock.run(5 * SECOND);

        Shown shown = watch(link, 20 * SECOND);

        assertThat(shown.p50).as("queue").isLessThan(25 * MILLIS);
        assertThat(shown.p99).as("queue").isLessThan(50 * MILLIS);
        assertThat(shown.busy).as("share of the link").isGreaterThan(0.975);
    }

    @Test
    void aFastLongLinkIsFilled() {
        Bottleneck link = new Bottleneck(clock, 200 * MBIT, 50 * MILLIS, 2_500_000);
        start(link);
        clock.run(4 * SECOND);

        Shown shown = watch(link, 20 * SECOND);

        assertThat(shown.p50).as("queue").isLessThan(8 * MILLIS);
        assertThat(shown.p99).as("queue").isLessThan(30 * MILLIS);
        assertThat(shown.busy).as("share of the link").isGreaterThan(0.975);
    }

    @Test
    void theStartOverALongWayDoesNotOverrunItsQueue() {
        Bottleneck link = new Bottleneck(clock, 20 * MBIT, 100 * MILLIS, 200_000);
        LimitedSender sender = start(link);
        clock.run(2 * SECOND);

        Shown shown = watch(link, 10 * SECOND);

        assertThat(sender.lostSegments()).isZero();
        assertThat(shown.busy).as("share of the link").isGreaterThan(0.95);
    }

    @Test
    void burstsThatTheKernelItselfHasStretchedAreNotTakenForThePath() {
        Bottleneck link = new Bottleneck(clock, 20 * MBIT, 100 * MILLIS, 300_000);
        LimitedSender sender = new LimitedSender(clock, link);
        sender.pace();
        sender.onRoom();
        clock.run(1600 * MILLIS);

        Shown shown = watch(link, 2 * SECOND);

        assertThat(shown.busy).as("share of the link from 1.6 to 3.6 s").isGreaterThan(0.9);
    }

    @Test
    void aWayThatHasBecomeLongerIsNotTakenForAQueueForLong() {
        Bottleneck link = new Bottleneck(clock, 20 * MBIT, 10 * MILLIS, 200_000);
        start(link);
        clock.run(5 * SECOND);
        link.setDelay(100 * MILLIS);
        clock.run(2500 * MILLIS);

        // What TCP's own window leaves of it after the queue ran over at the start; the smallest limit would be 3 %.
        assertThat(watch(link, 4 * SECOND).busy).as("share of the link").isGreaterThan(0.35);
    }

    @Test
    void aChangeOfRateIsFollowedDownAndUp() {
        Bottleneck link = new Bottleneck(clock, 50 * MBIT, 25 * MILLIS, 300_000);
        LimitedSender sender = start(link);
        clock.run(5 * SECOND);
        int lost = sender.lostSegments();

        link.setRate(10 * MBIT);
        clock.run(500 * MILLIS);
        Shown soon = watch(link, 500 * MILLIS);
        clock.run(2 * SECOND);
        Shown slow = watch(link, 5 * SECOND);
        link.setRate(50 * MBIT);
        clock.run(500 * MILLIS);
        Shown back = watch(link, 500 * MILLIS);
        Shown fast = watch(link, 5 * SECOND);

        assertThat(soon.p50).as("queue half a second after the fall").isLessThan(25 * MILLIS);
        assertThat(sender.lostSegments()).isEqualTo(lost);
        assertThat(back.busy)
                .as("share of the fast link half a second after its return")
                .isGreaterThan(0.9);
        assertThat(slow.p50).as("queue at 10 Mbit/s").isLessThan(25 * MILLIS);
        assertThat(slow.busy).as("share of the slow link").isGreaterThan(0.96);
        assertThat(fast.p50).as("queue at 50 Mbit/s").isLessThan(12 * MILLIS);
        assertThat(fast.busy).as("share of the fast link").isGreaterThan(0.92);
    }

    @Test
    void besideOneThatFillsTheQueueTheShareIsFair() {
        Bottleneck link = new Bottleneck(clock, 50 * MBIT, 25 * MILLIS, 300_000);
        LimitedSender sender = start(link);
        clock.run(5 * SECOND);
        filler(link);
        clock.run(10 * SECOND);

        long before = sender.handedOn();
        clock.run(60 * SECOND);

        assertThat((sender.handedOn() - before) / (60 * 50 * MBIT))
                .as("share of the link")
                .isBetween(0.35, 0.65);
    }

    @Test
    void whenTheNeighbourIsGoneTheQueueIsShortAgain() {
        Bottleneck link = new Bottleneck(clock, 50 * MBIT, 25 * MILLIS, 300_000);
        LimitedSender sender = start(link);
        clock.run(5 * SECOND);
        Filler neighbour = filler(link);
        clock.run(20 * SECOND);
        neighbour.done = true;
        clock.run(70 * SECOND);

        Shown shown = watch(link, 10 * SECOND);

        assertThat(sender.limit.state()).isIn(InFlightLimit.State.LIMITED, InFlightLimit.State.DRAINING);
        assertThat(shown.p50).as("queue").isLessThan(10 * MILLIS);
        assertThat(shown.busy).isGreaterThan(0.97);
    }

    @Test
    void whatIsOfferedRarelyIsNeverHeld() {
        InFlightLimit limit = new InFlightLimit();
        for (long i = 1; i < 1000; i++) {
            limit.sample(50 * MILLIS + (i % 7) * 10 * MILLIS, 100, i * 100 * MILLIS);
            limit.acknowledged(100L * i, 100L * i, i * 100 * MILLIS);
        }
        assertThat(limit.bytes()).isEqualTo(InFlightLimit.NONE);
    }

    private LimitedSender start(Bottleneck link) {
        LimitedSender sender = new LimitedSender(clock, link);
        sender.onRoom();
        return sender;
    }

    /** A plain download. */
    private static final class Filler extends TcpModel {
        boolean done;

        Filler(Clockwork clock, Bottleneck link) {
            super(clock, link);
        }

        @Override
        public void onRoom() {
            if (unsent() < 100_000 && !done) {
                write(100_000);
            }
        }
    }

    private Filler filler(Bottleneck link) {
        Filler filler = new Filler(clock, link);
        filler.onRoom();
        return filler;
    }

    private Shown watch(Bottleneck link, long nanos) {
        List<Long> delays = new ArrayList<>();
        long busy = link.busyNanos();
        for (long passed = 0; passed < nanos; passed += MILLIS) {
            clock.run(MILLIS);
            delays.add(link.queueDelay());
        }
        Collections.sort(delays);
        Shown shown = new Shown(
                delays.get(delays.size() / 2),
                delays.get(delays.size() * 99 / 100),
                (double) (link.busyNanos() - busy) / nanos);
        if (Boolean.getBoolean("holdfast.show")) {
            System.out.println(shown);
        }
        return shown;
    }
}
