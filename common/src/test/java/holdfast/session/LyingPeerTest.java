package holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import holdfast.frame.Accept;
import holdfast.frame.Data;
import holdfast.frame.Frame;
import holdfast.frame.HelloOk;
import holdfast.frame.Join;
import holdfast.frame.JoinOk;
import holdfast.frame.Open;
import holdfast.frame.Parameters;
import holdfast.frame.PathAck;
import holdfast.frame.PathClose;
import holdfast.frame.PathCount;
import holdfast.frame.Ping;
import holdfast.frame.Priority;
import holdfast.frame.Reject;
import holdfast.frame.Reset;
import holdfast.frame.VarInt;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A peer that breaks a rule loses its session, and nothing else happens. */
final class LyingPeerTest {
    private static final OpenRequest REQUEST = OpenRequest.tcp(Destination.parse("example.com:80"));

    @Test
    void acknowledgingBytesThatWereNeverSent() {
        endsClient(pair -> new PathAck(List.of(new PathAck.Entry(0, 1_000_000, 0))), ErrorCode.PROTOCOL_VIOLATION);
        endsClient(pair -> new PathAck(List.of(new PathAck.Entry(0, VarInt.MAX, 0))), ErrorCode.PROTOCOL_VIOLATION);
        endsClient(pair -> new PathClose(0, 1_000_000, ErrorCode.NONE), ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void sendingMoreThanTheCreditOfAStream() {
        endsClient(pair -> data(pair, pair.openAccepted(), 256 * 1024, 1), ErrorCode.FLOW_CONTROL_VIOLATION);
        endsClient(pair -> data(pair, pair.openAccepted(), VarInt.MAX - 1, 1), ErrorCode.FLOW_CONTROL_VIOLATION);
    }

    @Test
    void sendingMoreThanTheCreditOfTheSession() {
        try (Pair pair = Pair.connected(Pair.SMALL)) {
            for (int i = 0; i < 5; i++) {
                pair.client.handleFrame(0, data(pair, pair.openAccepted(), 256 * 1024 - 1, 1), pair.now);
            }
            pair.tell();

            assertEnded(pair.clientEvents, ErrorCode.FLOW_CONTROL_VIOLATION);
        }
    }

    @Test
    void claimingAFinalSizeBeyondTheCredit() {
        endsClient(
                pair -> new Reset(pair.openAccepted(), ErrorCode.NONE, VarInt.MAX), ErrorCode.FLOW_CONTROL_VIOLATION);
    }

    @Test
    void movingTheEndOfAStream() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.client.handleFrame(0, data(pair, stream, 0, 10), pair.now);

            pair.client.handleFrame(0, new Reset(stream, ErrorCode.NONE, 9), pair.now);
            pair.tell();

            assertEnded(pair.clientEvents, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void openingAStreamWithAnIdOfTheOtherEnd() {
        endsClient(pair -> new Open(0, REQUEST), ErrorCode.PROTOCOL_VIOLATION);
        endsGateway(pair -> new Open(1, REQUEST), ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void openingMoreStreamsThanAllowed() {
        endsGateway(pair -> new Open(2 * 16_384, REQUEST), ErrorCode.LIMIT_REACHED);
        endsGateway(pair -> new Open(VarInt.MAX - 1, REQUEST), ErrorCode.LIMIT_REACHED);
    }

    @Test
    void speakingOfAStreamThatWasNeverOpened() {
        endsClient(pair -> new Accept(2, Pair.BOUND), ErrorCode.PROTOCOL_VIOLATION);
        endsClient(pair -> data(pair, 3, 0, 1), ErrorCode.PROTOCOL_VIOLATION);
        endsGateway(pair -> data(pair, 2, 0, 1), ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void speakingOfAStreamWhoseOpenHasNotLeft() {
        endsClient(pair -> data(pair, pair.open(), 0, 1), ErrorCode.PROTOCOL_VIOLATION);
        endsClient(pair -> new Accept(pair.open(), Pair.BOUND), ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void answeringItsOwnStream() {
        endsGateway(
                pair -> {
                    long stream = pair.open();
                    pair.exchange();
                    return new Accept(stream, Pair.BOUND);
                },
                ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void rejectingAStreamItHasSentOn() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.open();
            pair.exchange();
            pair.client.handleFrame(0, data(pair, stream, 0, 10), pair.now);

            pair.client.handleFrame(0, new Reject(stream, ErrorCode.NOT_ALLOWED, ""), pair.now);
            pair.tell();

            assertEnded(pair.clientEvents, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void framesThatAreNotForThisRoleOrThisState() {
        endsClient(
                pair -> new Join(SessionId.of(new byte[16]), 7, List.of(), Parameters.NONE),
                ErrorCode.PROTOCOL_VIOLATION);
        endsClient(pair -> new JoinOk(List.of(), Parameters.NONE), ErrorCode.PROTOCOL_VIOLATION);
        endsGateway(pair -> new JoinOk(List.of(), Parameters.NONE), ErrorCode.PROTOCOL_VIOLATION);
    }

    @Test
    void joiningASessionThatWasNeverMade() {
        try (Pair pair = new Pair()) {
            long path = pair.startPath();
            pair.sendUp(path);

            pair.client.handleFrame(path, new JoinOk(List.of(), Parameters.NONE), pair.now);
            pair.tell();

            assertEnded(pair.clientEvents, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void joiningAPathAndGivingItUpInOneFrame() {
        try (Pair pair = Pair.connected()) {
            Join join = new Join(pair.gateway.id().orElseThrow(), 5, List.of(new PathCount(5, 0)), Parameters.NONE);

            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> pair.gateway.handleJoin(join, join.length(), pair.now));
            pair.tell();

            assertEnded(pair.gatewayEvents, ErrorCode.PROTOCOL_VIOLATION);
        }
        try (Pair pair = Pair.connected()) {
            long path = pair.startPath();
            pair.client.handleFrame(path, new JoinOk(List.of(new PathCount(path, 0)), Parameters.NONE), pair.now);
            pair.tell();

            assertEnded(pair.clientEvents, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void anotherSessionAsAnAnswerEndsOnlyThePath() {
        try (Pair pair = Pair.connected()) {
            long path = pair.startPath();
            byte[] other = new byte[SessionId.LENGTH];
            other[0] = 1;
            pair.client.handleFrame(
                    path,
                    new HelloOk(
                            1,
                            SessionId.of(other),
                            SessionRandom.of(new byte[SessionRandom.LENGTH]),
                            true,
                            List.of(),
                            List.of(),
                            Parameters.NONE),
                    pair.now);
            pair.tell();

            assertThat(pair.client.state()).isEqualTo(SessionState.ACTIVE);
            assertThat(pair.clientEvents)
                    .anyMatch(each -> each instanceof SessionEvent.PathDown down && down.path() == path);
        }
    }

    @Test
    void theLargestSequenceOfAPriorityLeavesRoomForOurs() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.client.handleFrame(0, new Priority(stream, VarInt.MAX, VarInt.MAX), pair.now);

            pair.client.setUrgency(stream, 1);
            pair.exchange();

            assertThat(pair.client.state()).isEqualTo(SessionState.ACTIVE);
        }
    }

    @Test
    void pingsWithoutReadingTheAnswersDoNotPileUp() {
        try (Pair pair = Pair.connected()) {
            for (int i = 0; i < 100_000; i++) {
                pair.gateway.handleFrame(0, new Ping(i), pair.now);
            }

            assertThat(pair.sendDown(0)).hasSizeLessThan(100);
        }
    }

    @Test
    void oneByteAtEverySecondOffsetIsTooManyGapsLongBeforeItIsTooMuchMemory() {
        try (Pair pair = Pair.connected()) {
            long most = 0;
            for (int streams = 0; streams < 4 && pair.client.state() != SessionState.CLOSED; streams++) {
                long stream = pair.openAccepted();
                for (int i = 1; i < 256 * 1024; i += 2) {
                    pair.client.handleFrame(0, data(pair, stream, i, 1), pair.now);
                }
                most = Math.max(most, pair.allocator.metric().usedHeapMemory());
            }
            pair.tell();

            assertEnded(pair.clientEvents, ErrorCode.FLOW_CONTROL_VIOLATION);
            assertThat(most).isLessThan(8 * 1024 * 1024);
        }
    }

    @Test
    void bytesInSmallPiecesCostLittleMoreThanBytesInLargeOnes() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            long before = pair.allocator.metric().usedHeapMemory();

            for (int i = 0; i < 256 * 1024; i++) {
                pair.client.handleFrame(0, data(pair, stream, i, 1), pair.now);
            }

            assertThat(pair.allocator.metric().usedHeapMemory() - before).isLessThan(300 * 1024);
        }
    }

    @Test
    void overlappingPiecesAreHeldOnce() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            long before = pair.allocator.metric().usedHeapMemory();

            for (int i = 1; i < 10_000; i++) {
                pair.client.handleFrame(0, data(pair, stream, i, 16_000), pair.now);
            }

            assertThat(pair.allocator.metric().usedHeapMemory() - before).isLessThan(100 * 1024);
        }
    }

    private interface Lie {
        Frame tell(Pair pair);
    }

    private static void endsClient(Lie lie, ErrorCode code) {
        try (Pair pair = Pair.connected()) {
            pair.client.handleFrame(0, lie.tell(pair), pair.now);
            pair.tell();

            assertEnded(pair.clientEvents, code);
            pair.client.reset(pair.client.open(REQUEST, pair.now), ErrorCode.CANCELLED, pair.now);
            pair.exchange();
            assertThat(pair.gateway.state()).isEqualTo(SessionState.CLOSED);
        }
    }

    private static void endsGateway(Lie lie, ErrorCode code) {
        try (Pair pair = Pair.connected()) {
            pair.gateway.handleFrame(0, lie.tell(pair), pair.now);
            pair.tell();

            assertEnded(pair.gatewayEvents, code);
            pair.exchange();
            assertThat(pair.client.state()).isEqualTo(SessionState.CLOSED);
        }
    }

    private static void assertEnded(List<SessionEvent> events, ErrorCode code) {
        assertThat(events.stream().filter(SessionEvent.Ended.class::isInstance))
                .singleElement()
                .satisfies(
                        each -> assertThat(((SessionEvent.Ended) each).code()).isEqualTo(code));
    }

    private static Data data(Pair pair, long stream, long offset, int length) {
        ByteBuf bytes = pair.allocator.buffer(length).writeZero(length);
        return new Data(stream, offset, false, bytes);
    }
}
