package holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.frame.Blocked;
import holdfast.frame.Data;
import holdfast.frame.Frame;
import holdfast.frame.Open;
import holdfast.frame.PathAck;
import holdfast.frame.Ping;
import holdfast.frame.Pong;
import holdfast.frame.Priority;
import holdfast.frame.Reset;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** A peer may send much, but not much of nothing: it is read more slowly, then its session ends. */
final class FloodingPeerTest {
    private static final OpenRequest REQUEST = OpenRequest.tcp(Destination.parse("example.com:80"));

    /** How fast a flood comes in, in frames a second. */
    private static final long FAST = 200_000;

    @Test
    void emptyFramesEndTheSession() {
        endsGateway(i -> new Data(0, 0, false, Unpooled.EMPTY_BUFFER), 20_000);
    }

    @Test
    void pingsEndTheSessionAndWhatAnswersThemStaysSmall() {
        endsGateway(Ping::new, 20_000);
    }

    @Test
    void framesThatSayNothingEndTheSession() {
        endsGateway(i -> i % 2 == 0 ? new Pong(i) : new Blocked(1, 0), 20_000);
    }

    @Test
    void acknowledgementsOfNothingNewEndTheSession() {
        endsGateway(i -> new PathAck(List.of(new PathAck.Entry(0, 0, 0))), 200_000);
    }

    @Test
    void changesOfUrgencyWithoutEndEndTheSession() {
        endsGateway(i -> new Priority(0, i, i % 8), 100_000);
    }

    @Test
    void openingAndResettingEndsTheSession() {
        endsGateway(i -> i % 2 == 0 ? new Open(2 + i, REQUEST) : new Reset(1 + i, ErrorCode.CANCELLED, 0), 60_000);
    }

    @Test
    void tinyFramesWithoutEndEndTheSessionAtLast() {
        endsGateway(i -> new Data(0, i % 200_000, false, Unpooled.wrappedBuffer(new byte[1])), 2_000_000);
    }

    @Test
    void typingOnAThousandStreamsIsNotSlowed() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            for (int second = 0; second < 60; second++) {
                for (int i = 0; i < 10_000; i++) {
                    at(pair, i, 10_000);
                    pair.gateway.handleFrame(0, tiny(stream), pair.now);
                }
                pair.tell();
                assertThat(pair.gateway.inputDelay(pair.now)).isZero();
            }
            assertThat(pair.gateway.state()).isEqualTo(SessionState.ACTIVE);
        }
    }

    @Test
    void whoSendsMoreFramesThanItsShareIsReadMoreSlowly() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            for (int i = 0; i < 2 * FrameBudget.WORK_PER_SECOND; i++) {
                pair.gateway.handleFrame(0, tiny(stream), pair.now);
            }

            assertThat(pair.gateway.inputDelay(pair.now))
                    .isCloseTo(Pair.SECOND, org.assertj.core.data.Percentage.withPercentage(5));
            assertThat(pair.gateway.inputDelay(pair.now + 2 * Pair.SECOND)).isZero();
        }
    }

    @Test
    void whoOpensForNothingIsReadMoreSlowly() {
        try (Pair pair = Pair.connected()) {
            for (long i = 0; i < 900; i++) {
                openAndReset(pair, 2 * i);
            }
            assertThat(pair.gateway.inputDelay(pair.now))
                    .as("all of a large browser closed at once")
                    .isZero();

            for (long i = 900; i < 2_700; i++) {
                openAndReset(pair, 2 * i);
            }

            assertThat(pair.gateway.inputDelay(pair.now)).isGreaterThan(3 * Pair.SECOND / 2);
            assertThat(pair.gateway.state()).isEqualTo(SessionState.ACTIVE);
        }
    }

    @Test
    void aPathThatIsNotReadOnPurposeIsNotTakenForDead() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            for (long i = 1; i < 9_000; i++) {
                openAndReset(pair, stream + 2 * i);
            }
            pair.write(pair.gateway, stream, 1000);
            long delay = pair.gateway.inputDelay(pair.now);
            assertThat(delay).isGreaterThan(5 * Pair.SECOND);

            pair.passInSilence(delay);
            assertThat(pair.gatewayEvents).noneMatch(SessionEvent.PathDown.class::isInstance);

            pair.passInSilence(10 * Pair.SECOND);
            assertThat(pair.gatewayEvents)
                    .as("read again, and still nothing comes")
                    .anyMatch(SessionEvent.PathDown.class::isInstance);
        }
    }

    private static void openAndReset(Pair pair, long stream) {
        pair.gateway.handleFrame(0, new Open(stream, REQUEST), pair.now);
        pair.gateway.handleFrame(0, new Reset(stream, ErrorCode.CANCELLED, 0), pair.now);
    }

    @Test
    void aClientHasNobodyElseToServeAndSlowsNobody() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            for (int i = 0; i < 2 * FrameBudget.WORK_PER_SECOND; i++) {
                pair.client.handleFrame(0, tiny(stream), pair.now);
            }

            assertThat(pair.client.inputDelay(pair.now)).isZero();
        }
    }

    private static Frame tiny(long stream) {
        return new Data(stream, 0, false, Unpooled.wrappedBuffer(new byte[1]));
    }

    private static void at(Pair pair, long frame, long perSecond) {
        if (frame % 100 == 0) {
            pair.now += 100 * Pair.SECOND / perSecond;
        }
    }

    private static void endsGateway(LongFunction<Frame> flood, int atMost) {
        try (Pair pair = Pair.connected()) {
            pair.openAccepted();
            int sent = 0;
            while (pair.gateway.state() != SessionState.CLOSED && sent < atMost) {
                at(pair, sent, FAST);
                pair.gateway.handleFrame(0, flood.apply(sent), pair.now);
                sent++;
                pair.tell();
            }

            assertThat(pair.gateway.state()).as("after %s frames", sent).isEqualTo(SessionState.CLOSED);
            assertThat(sent).as("frames before the session ended").isGreaterThan(1000);
            assertThat(pair.gatewayEvents)
                    .anySatisfy(each -> assertThat(each)
                            .isInstanceOfSatisfying(
                                    SessionEvent.Ended.class,
                                    ended -> assertThat(ended.code()).isEqualTo(ErrorCode.LIMIT_REACHED)));
        }
    }
}
