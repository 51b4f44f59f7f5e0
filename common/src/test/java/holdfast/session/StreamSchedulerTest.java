package holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.flowcontrol.ReceiveCredit;
import holdfast.frame.Data;
import holdfast.protocol.Destination;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.Origin;
import holdfast.protocol.StreamKind;
import holdfast.stream.GapBudget;
import holdfast.stream.ReceiveHalf;
import holdfast.stream.SendHalf;
import holdfast.stream.Stream;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StreamSchedulerTest {
    private static final long NOW = 1_000_000_000_000L;

    private final StreamScheduler scheduler = new StreamScheduler();
    private final Set<Flow> busy = new HashSet<>();
    private long nextId;

    @Test
    void aStreamThatHasJustBecomeBusyPassesThoseThatSendMuch() {
        Flow bulk = busy(bulk(3));
        Flow typing = busy(flow(3));

        assertThat(next()).isSameAs(typing);
        idle(typing, 50);
        assertThat(next()).isSameAs(bulk);
    }

    @Test
    void aStreamThatSendsALotAtOnceIsNoLongerNew() {
        Flow greedy = busy(flow(3));
        Flow other = busy(bulk(3));
        scheduler.charge(next(), StreamScheduler.QUANTUM);

        assertThat(next()).isSameAs(other);
        scheduler.charge(other, StreamScheduler.QUANTUM);
        assertThat(next()).isSameAs(greedy);
    }

    @Test
    void aNewStreamThatRanDryIsNotNewAgainAtOnce() {
        Flow bulk = busy(bulk(3));
        Flow sly = busy(flow(3));
        sly.countBurst(StreamScheduler.QUANTUM, NOW);
        idle(next(), 100);
        assertThat(next()).isSameAs(bulk);

        // It is back before its round is over, and has to wait for its turn.
        busy(sly);
        assertThat(next()).isSameAs(bulk);
        scheduler.charge(bulk, StreamScheduler.QUANTUM);
        assertThat(next()).isSameAs(sly);
    }

    @Test
    void oneThatSendsLittlePassesAgainAndAgain() {
        busy(bulk(3));
        Flow typing = busy(flow(3));
        for (int keystroke = 0; keystroke < 10; keystroke++) {
            typing.countBurst(64, NOW);
            assertThat(next()).isSameAs(typing);
            idle(typing, 64);
            next();
            busy(typing);
        }
    }

    @Test
    void aLookPastTheTurnsChangesNone() {
        Flow one = busy(bulk(3));
        Flow other = busy(bulk(3));

        assertThat(scheduler.first(flow -> flow == other)).isSameAs(other);
        assertThat(scheduler.first(flow -> false)).isNull();
        assertThat(next()).isSameAs(one);
    }

    @Test
    void theMoreUrgentGoesFirst() {
        Flow late = busy(bulk(7));
        Flow soon = busy(bulk(0));
        Flow normal = busy(bulk(3));

        assertThat(next()).isSameAs(soon);
        idle(soon, 0);
        assertThat(next()).isSameAs(normal);
        idle(normal, 0);
        assertThat(next()).isSameAs(late);
    }

    @Test
    void aChangedUrgencyCountsAtOnce() {
        Flow first = busy(bulk(3));
        Flow second = busy(bulk(3));

        scheduler.changeUrgency(second, 2);
        assertThat(next()).isSameAs(second);
        scheduler.changeUrgency(second, 4);
        assertThat(next()).isSameAs(first);
    }

    @Test
    void streamsOfOneUrgencyGetTheSameWhateverTheLengthOfTheirFrames() {
        List<Flow> flows = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            flows.add(busy(bulk(3)));
        }
        Map<Flow, Long> sent = new HashMap<>();

        for (int i = 0; i < 20_000; i++) {
            Flow flow = next();
            int length = 100 + 3_000 * flows.indexOf(flow);
            scheduler.charge(flow, length);
            sent.merge(flow, (long) length, Long::sum);
        }

        long least = sent.values().stream().mapToLong(each -> each).min().orElseThrow();
        long most = sent.values().stream().mapToLong(each -> each).max().orElseThrow();
        assertThat(most - least).isLessThanOrEqualTo(2 * StreamScheduler.QUANTUM);
    }

    @Test
    void aFrameOfSeveralTurnsMakesItsStreamWaitForAsMany() {
        Flow wide = busy(bulk(3));
        Flow narrow = busy(bulk(3));
        scheduler.charge(next(), Data.LONGEST);

        for (int turn = 0; turn < Data.LONGEST / StreamScheduler.QUANTUM; turn++) {
            assertThat(next()).isSameAs(narrow);
            scheduler.charge(narrow, StreamScheduler.QUANTUM);
        }
        assertThat(next()).isSameAs(wide);
    }

    @Test
    void oneThatIsAloneWaitsForNobody() {
        Flow alone = busy(bulk(3));
        scheduler.charge(next(), StreamScheduler.QUANTUM - 1);
        scheduler.charge(next(), Data.LONGEST);

        assertThat(next()).isSameAs(alone);
    }

    @Test
    void aStreamThatMayNotSendHereLeavesTheTurnToTheNext() {
        Flow elsewhere = busy(bulk(3));
        Flow here = busy(bulk(3));

        assertThat(scheduler.next(busy::contains, flow -> flow == here, NOW)).isSameAs(here);
        assertThat(scheduler.next(busy::contains, flow -> false, NOW)).isNull();
        assertThat(scheduler.next(busy::contains, flow -> flow == elsewhere, NOW))
                .isSameAs(elsewhere);
    }

    @Test
    void streamsWithNothingToSendLeave() {
        for (int i = 0; i < 100; i++) {
            busy(i % 2 == 0 ? flow(3) : bulk(i % 8));
        }
        busy.clear();

        assertThat(scheduler.next(busy::contains, flow -> true, NOW)).isNull();
        assertThat(scheduler.size()).isZero();
    }

    @Test
    void aForgottenStreamIsNowhere() {
        Flow gone = busy(flow(3));
        Flow stays = busy(flow(3));

        scheduler.remove(gone);
        scheduler.remove(gone);

        assertThat(next()).isSameAs(stays);
        assertThat(scheduler.size()).isEqualTo(1);
    }

    private Flow next() {
        return Objects.requireNonNull(scheduler.next(busy::contains, flow -> true, NOW));
    }

    private Flow busy(Flow flow) {
        busy.add(flow);
        scheduler.activate(flow, NOW);
        return flow;
    }

    private void idle(Flow flow, int sent) {
        scheduler.charge(flow, sent);
        busy.remove(flow);
    }

    /** A stream that has sent much a moment ago. */
    private Flow bulk(int urgency) {
        Flow flow = flow(urgency);
        flow.countBurst(Flow.BULK_BYTES, NOW);
        return flow;
    }

    private Flow flow(int urgency) {
        ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
        Stream stream = new Stream(
                nextId++,
                new SendHalf(allocator, 0),
                new ReceiveHalf(allocator, ReceiveCredit.ofStream(1, 1), new GapBudget(1)));
        return new Flow(stream, Origin.LOCAL, new OpenRequest(StreamKind.TCP, Destination.parse("h:1"), urgency));
    }
}
