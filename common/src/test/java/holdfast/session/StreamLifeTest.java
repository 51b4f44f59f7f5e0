package holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.frame.Data;
import holdfast.frame.Frame;
import holdfast.frame.FrameType;
import holdfast.frame.Open;
import holdfast.frame.Reset;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StreamLifeTest {
    @Test
    void aStreamThatWasResetIsNotShownAsEnded() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.client.finish(stream, pair.now);
            pair.pass(50 * Pair.MILLIS);
            pair.read(pair.gateway, stream);
            pair.write(pair.gateway, stream, 100);
            pair.sendDown(0);
            pair.gateway.reset(stream, ErrorCode.CONNECTION_RESET, pair.now);
            pair.sendDown(0);
            // The client gets bytes and reset in one read, and asks before it has been told of the second.
            pair.clientEvents.clear();
            pair.downQuietly(0);

            assertThat(pair.client.pollEvent()).isEqualTo(new SessionEvent.StreamReadable(stream));
            assertThat(pair.client.read(stream)).isNull();
            assertThat(pair.client.isEndOfStream(stream)).isFalse();
        }
    }

    @Test
    void aStreamThatWasReadToItsEndIsShownAsEndedEvenWhenItIsGone() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.client.finish(stream, pair.now);
            pair.write(pair.gateway, stream, 100);
            pair.gateway.finish(stream, pair.now);
            pair.pass(50 * Pair.MILLIS);
            pair.read(pair.gateway, stream);

            assertThat(pair.read(pair.client, stream)).isEqualTo(100);
            assertThat(pair.clientEvents).contains(new SessionEvent.StreamClosed(stream));
            assertThat(pair.client.isEndOfStream(stream)).isTrue();
        }
    }

    @Test
    void aStreamThatIsWithdrawnBeforeItLeavesGivesItsNumberBack() {
        try (Pair pair = Pair.connected()) {
            for (int i = 0; i < 40_000; i++) {
                pair.client.reset(pair.open(), ErrorCode.CANCELLED, pair.now);
                if (i % 500 == 0) {
                    pair.pass(20 * Pair.MILLIS);
                }
            }
            pair.pass(100 * Pair.MILLIS);

            assertThat(pair.gatewayEvents).noneMatch(SessionEvent.StreamOpened.class::isInstance);
            assertThat(pair.client.streamCount()).isZero();
            long stream = pair.openAccepted();
            assertThat(pair.clientEvents).contains(new SessionEvent.StreamAccepted(stream, Pair.BOUND));
            SessionAudit.checkIdle(pair.client, 1);
        }
    }

    @Test
    void streamsBeyondWhatThePeerAllowsWaitForTheirTurn() {
        try (Pair pair = Pair.connected()) {
            int count = 17_000;
            for (int i = 0; i < count; i++) {
                pair.client.finish(pair.open(), pair.now);
            }
            pair.pass(50 * Pair.MILLIS);
            long allowed = SessionConfig.forGateway().maxStreams();
            assertThat(opened(pair)).isEqualTo(allowed);

            for (long i = 0; i < allowed; i++) {
                pair.gateway.reject(2 * i, ErrorCode.NOT_ALLOWED, "no", pair.now);
            }
            pair.pass(100 * Pair.MILLIS);

            assertThat(opened(pair)).isEqualTo(count);
        }
    }

    @Test
    void noCreditIsLostHoweverStreamsEnd() {
        Random random = new Random(7);
        try (Pair pair = Pair.connected()) {
            for (int i = 0; i < 20_000; i++) {
                endSomehow(pair, random);
                if (i % 100 == 0) {
                    pair.pass(30 * Pair.MILLIS);
                    pair.clientEvents.clear();
                    pair.gatewayEvents.clear();
                }
            }
            pair.pass(Pair.SECOND);

            SessionAudit.checkIdle(pair.client, 0);
            SessionAudit.checkIdle(pair.gateway, 0);
            SessionAudit.checkCredit(pair.client, pair.gateway);
            SessionAudit.checkCredit(pair.gateway, pair.client);
        }
    }

    private static void endSomehow(Pair pair, Random random) {
        long stream = pair.open();
        boolean known = random.nextInt(4) > 0;
        if (random.nextBoolean()) {
            pair.write(pair.client, stream, random.nextInt(3000));
        }
        if (known) {
            pair.exchange();
            if (random.nextInt(5) == 0) {
                pair.gateway.reject(stream, ErrorCode.NOT_ALLOWED, "no", pair.now);
            } else {
                pair.gateway.accept(stream, Pair.BOUND, pair.now);
                pair.write(pair.gateway, stream, random.nextInt(3000));
            }
        }
        for (int step = random.nextInt(4); step > 0; step--) {
            Session session = random.nextBoolean() ? pair.client : pair.gateway;
            switch (random.nextInt(4)) {
                case 0 -> session.finish(stream, pair.now);
                case 1 -> pair.read(session, stream);
                case 2 -> pair.exchange();
                default -> session.reset(stream, ErrorCode.CANCELLED, pair.now);
            }
        }
        pair.client.reset(stream, ErrorCode.CANCELLED, pair.now);
        if (random.nextBoolean()) {
            pair.exchange();
        }
        pair.gateway.reset(stream, ErrorCode.CANCELLED, pair.now);
    }

    @Test
    void everyFrameThatMattersIsSentAgainWhenItsPathIsLost() {
        Set<FrameType> expected = EnumSet.of(
                FrameType.OPEN,
                FrameType.ACCEPT,
                FrameType.REJECT,
                FrameType.DATA,
                FrameType.DATA_FIN,
                FrameType.RESET,
                FrameType.STOP,
                FrameType.MAX_STREAM_DATA,
                FrameType.MAX_DATA,
                FrameType.PRIORITY,
                FrameType.ADD_ADDRESS,
                FrameType.GOAWAY);
        try (Pair pair = Pair.connected()) {
            EnumSet<FrameType> lost = EnumSet.noneOf(FrameType.class);
            long bulk = pair.openAccepted();
            long bulkToo = pair.openAccepted();
            long stopped = pair.openAccepted();
            long refused = pair.open();
            long accepted = pair.open();
            pair.exchange();
            pair.write(pair.client, bulk, 250_000);
            pair.write(pair.client, bulkToo, 250_000);
            pair.up(0);
            pair.read(pair.gateway, bulk);
            pair.gateway.reject(refused, ErrorCode.NOT_ALLOWED, "no", pair.now);
            pair.gateway.accept(accepted, Pair.BOUND, pair.now);
            pair.write(pair.gateway, accepted, 5000);
            pair.client.reset(stopped, ErrorCode.CANCELLED, pair.now);
            pair.client.setUrgency(bulk, 6);
            pair.gateway.announceAddress("g:2", true);
            pair.gateway.goAway(1000, List.of(), pair.now);
            long fresh = pair.open();
            pair.write(pair.client, fresh, 1000);
            pair.client.finish(fresh, pair.now);

            pair.sendUp(0).forEach(each -> lost.add(each.type()));
            pair.sendDown(0).forEach(each -> lost.add(each.type()));
            pair.lose(0);
            pair.startPath();
            EnumSet<FrameType> repeated = EnumSet.noneOf(FrameType.class);
            for (int i = 0; i < 4; i++) {
                pair.sendUp(1).forEach(each -> repeated.add(each.type()));
                pair.up(1);
                pair.sendDown(1).forEach(each -> repeated.add(each.type()));
                pair.down(1);
            }

            assertThat(lost).containsAll(expected);
            assertThat(repeated).containsAll(expected);
        }
    }

    @Test
    void whatThePeerHasIsNotSentAgain() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.write(pair.client, stream, 100_000);
            pair.sendUp(0);
            pair.up(0);
            pair.write(pair.client, stream, 1000);
            pair.sendUp(0);
            // The first 100 000 bytes have arrived, but word of it was lost with the path.
            pair.lose(0);

            pair.startPath();
            pair.up(1);
            pair.down(1);
            long bytes = pair.sendUp(1).stream()
                    .filter(Data.class::isInstance)
                    .mapToLong(each -> ((Data) each).payload().readableBytes())
                    .sum();

            assertThat(bytes).isEqualTo(1000);
        }
    }

    @Test
    void littleThatWasLostLeavesRightBehindTheJoin() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.write(pair.client, stream, 1000);
            pair.sendUp(0);
            pair.lose(0);

            pair.startPath();

            assertThat(pair.sendUp(1)).hasSizeGreaterThan(1).anyMatch(Data.class::isInstance);
        }
    }

    @Test
    void aResetDropsWhatWasNotSentAndSaysHowMuchWas() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.write(pair.client, stream, 1_000_000);
            pair.sendUp(0);
            pair.client.reset(stream, ErrorCode.CONNECTION_RESET, pair.now);

            List<Frame> sent = pair.sendUp(0);

            assertThat(sent)
                    .filteredOn(Reset.class::isInstance)
                    .containsExactly(new Reset(stream, ErrorCode.CONNECTION_RESET, 256 * 1024));
            pair.pass(50 * Pair.MILLIS);
            assertThat(pair.gatewayEvents).contains(new SessionEvent.StreamReset(stream, ErrorCode.CONNECTION_RESET));
            SessionAudit.checkIdle(pair.client, 0);
        }
    }

    @Test
    void rejectingAfterBytesWereSentIsAReset() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.open();
            pair.exchange();
            pair.write(pair.gateway, stream, 100);
            pair.exchange();

            pair.gateway.reject(stream, ErrorCode.NOT_ALLOWED, "too late", pair.now);
            pair.pass(50 * Pair.MILLIS);

            assertThat(pair.client.state()).isEqualTo(SessionState.ACTIVE);
            assertThat(pair.clientEvents).contains(new SessionEvent.StreamReset(stream, ErrorCode.NOT_ALLOWED));
        }
    }

    @Test
    void aStopIsToldOnceAndInItsOwnWords() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.gateway.reset(stream, ErrorCode.TIMED_OUT, pair.now);
            Frame stop = pair.sendDown(0).stream()
                    .filter(each -> each.type() == FrameType.STOP)
                    .findFirst()
                    .orElseThrow();
            pair.client.handleFrame(0, stop, pair.now);
            pair.exchange();

            assertThat(pair.clientEvents)
                    .filteredOn(SessionEvent.StreamStopped.class::isInstance)
                    .containsExactly(new SessionEvent.StreamStopped(stream, ErrorCode.TIMED_OUT));
        }
    }

    @Test
    void datagramsAreDroppedWhereTheyDoNotFitOrNobodyKnowsTheirFlow() {
        try (Pair pair = Pair.connected()) {
            long flow = pair.client.open(new OpenRequest(StreamKind.UDP, Destination.parse("0.0.0.0:0"), 3), pair.now);
            pair.client.sendDatagram(
                    flow, 0, pair.allocator.buffer(Frame.MAX_LENGTH).writeZero(Frame.MAX_LENGTH), pair.now);
            pair.client.sendDatagram(flow + 100, 0, pair.allocator.buffer(10).writeZero(10), pair.now);
            pair.client.sendDatagram(flow, 1, pair.allocator.buffer(9).writeZero(9), pair.now);

            pair.exchange();

            assertThat(pair.gatewayEvents.stream().filter(SessionEvent.DatagramReceived.class::isInstance))
                    .singleElement()
                    .satisfies(each -> assertThat(((SessionEvent.DatagramReceived) each).flow())
                            .isEqualTo(flow));
        }
    }

    @Test
    void whatWaitsForASlowProgramKeepsNoReadBufferAlive() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.open();
            pair.exchange();
            ByteBuf read = pair.allocator.buffer(20_000).writeZero(20_000);

            pair.client.handleFrame(0, new Data(stream, 0, false, read.retainedSlice(0, 5_000)), pair.now);
            assertThat(read.refCnt()).as("borrowed while it may leave at once").isEqualTo(2);
            pair.client.handleFrame(
                    0, new Data(stream, 5_000, false, read.retainedSlice(5_000, 5_000)), pair.now + 20 * Pair.MILLIS);
            assertThat(read.refCnt()).as("copied once it waits").isEqualTo(2);

            read.release();
        }
    }

    @Test
    void nothingOfAStreamOvertakesItsOpenOnAnotherPath() {
        try (Pair pair = Pair.connected()) {
            pair.startPath();
            pair.exchange();
            for (int i = 0; i < 50; i++) {
                long stream = pair.open();
                pair.write(pair.client, stream, 100_000);
                List<Frame> first = pair.sendUp(0);
                List<Frame> second = pair.sendUp(1);
                boolean onFirst = first.stream().anyMatch(Open.class::isInstance);
                assertThat(onFirst ? second : first)
                        .noneMatch(each -> each instanceof Data data && data.stream() == stream);
                pair.pass(20 * Pair.MILLIS);
            }
            assertThat(pair.gateway.state()).isEqualTo(SessionState.ACTIVE);
        }
    }

    private static long opened(Pair pair) {
        return pair.gatewayEvents.stream()
                .filter(SessionEvent.StreamOpened.class::isInstance)
                .count();
    }
}
