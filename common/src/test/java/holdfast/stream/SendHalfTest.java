package holdfast.stream;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SendHalfTest {
    private static final long CREDIT = Long.MAX_VALUE;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final SendHalf half = new SendHalf(allocator, 10_000);

    @AfterEach
    void nothingIsLeft() {
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        assertThat(half.outstandingBytes()).isZero();
        assertThat(half.outstandingPieces()).isZero();
    }

    @Test
    void aHalfIsDeliveredWhenAllBytesAndTheEndAreAcknowledged() {
        write(5000);
        half.finish();
        Chunk first = next(3000);
        Chunk second = next(3000);

        assertThat(second.fin()).isTrue();
        assertThat(half.canSend(CREDIT)).isFalse();
        half.acknowledged(second);
        assertThat(half.state()).isEqualTo(SendState.FINISHING);
        half.acknowledged(first);
        assertThat(half.state()).isEqualTo(SendState.DELIVERED);
        assertThat(half.reset(ErrorCode.CANCELLED)).isFalse();
    }

    @Test
    void theEndGoesAloneWhereTheBytesLeftBefore() {
        write(10);
        Chunk bytes = next(100);
        half.finish();

        assertThat(half.canSend(0)).isTrue();
        Chunk end = Objects.requireNonNull(half.next(100, 0));
        assertThat(end.fin()).isTrue();
        assertThat(end.length()).isZero();
        assertThat(end.offset()).isEqualTo(10);
        assertThat(half.outstandingPieces()).isEqualTo(1);
        half.acknowledged(bytes);
        half.acknowledged(end);
        assertThat(half.state()).isEqualTo(SendState.DELIVERED);
    }

    @Test
    void theEndDoesNotOvertakeBytesThatLackCredit() {
        write(10_001);
        half.finish();
        List<Chunk> sent = takeAll();

        assertThat(sent).noneMatch(Chunk::fin);
        assertThat(half.isBlocked()).isTrue();
        half.credit().raise(10_001);
        sent.addAll(takeAll());
        assertThat(sent.get(sent.size() - 1).fin()).isTrue();
        sent.forEach(half::acknowledged);
    }

    @Test
    void neitherTheStreamsNorTheSessionsCreditIsExceeded() {
        write(9000);

        assertThat(half.canSend(0)).isFalse();
        assertThat(half.next(5000, 0)).isNull();
        Chunk chunk = Objects.requireNonNull(half.next(5000, 7));
        assertThat(chunk.length()).isEqualTo(7);
        half.acknowledged(chunk);
        takeAll().forEach(half::acknowledged);
        assertThat(half.sentSize()).isEqualTo(9000);
    }

    @Test
    void aLostChunkIsSentAgainBeforeAnythingNew() {
        write(9000);
        Chunk first = next(3000);
        Chunk second = next(3000);

        half.lost(second);
        half.lost(first);

        assertThat(half.hasResend()).isTrue();
        assertThat(next(100)).isSameAs(first);
        assertThat(next(100)).isSameAs(second);
        Chunk fresh = next(100);
        assertThat(fresh.offset()).isEqualTo(6000);
        List.of(first, second, fresh).forEach(half::acknowledged);
        takeAll().forEach(half::acknowledged);
    }

    @Test
    void aRepetitionUsesNoCredit() {
        write(10_000);
        List<Chunk> sent = takeAll();
        sent.forEach(half::lost);

        assertThat(half.canSend(0)).isTrue();
        List<Chunk> again = new ArrayList<>();
        while (half.canSend(0)) {
            again.add(Objects.requireNonNull(half.next(20_000, 0)));
        }
        assertThat(again).containsExactlyElementsOf(sent);
        again.forEach(half::acknowledged);
    }

    @Test
    void theFirstOfTwoAcknowledgementsSettlesAChunk() {
        write(100);
        Chunk chunk = next(100);
        half.repeat(chunk);
        assertThat(next(100)).isSameAs(chunk);

        half.acknowledged(chunk);
        assertThat(half.outstandingBytes()).isZero();
        half.acknowledged(chunk);
        assertThat(half.outstandingBytes()).isZero();
    }

    @Test
    void aChunkThatAnotherPathStillCarriesIsNotSentAThirdTime() {
        write(100);
        Chunk chunk = next(100);
        half.repeat(chunk);
        next(100);

        half.lost(chunk);
        assertThat(half.canSend(CREDIT)).isFalse();
        half.lost(chunk);
        assertThat(next(100)).isSameAs(chunk);
        half.acknowledged(chunk);
    }

    @Test
    void aChunkThatIsAcknowledgedWhileItWaitsIsNotSentAgain() {
        write(100);
        Chunk chunk = next(100);
        half.repeat(chunk);

        half.acknowledged(chunk);

        assertThat(half.canSend(CREDIT)).isFalse();
    }

    @Test
    void anAbandonedHalfSendsNothingAndGivesItsBytesBack() {
        write(9000);
        Chunk inALog = next(3000);
        Chunk waiting = next(3000);
        half.lost(waiting);

        assertThat(half.reset(ErrorCode.CANCELLED)).isTrue();
        assertThat(half.reset(ErrorCode.INTERNAL)).isFalse();

        assertThat(half.canSend(CREDIT)).isFalse();
        assertThat(half.unsentBytes()).isZero();
        assertThat(half.outstandingBytes()).isEqualTo(3000);
        assertThat(half.resetCode()).isEqualTo(ErrorCode.CANCELLED);
        half.lost(inALog);
        half.resetAcknowledged();
        assertThat(half.state()).isEqualTo(SendState.RESET_DELIVERED);
    }

    @Test
    void whatIsWrittenBehindTheEndIsDropped() {
        half.finish();
        write(100);

        assertThat(half.unsentBytes()).isZero();
        half.acknowledged(next(100));
    }

    @Test
    void smallWritesLeaveInFewChunks() {
        for (int i = 0; i < 5000; i++) {
            write(1);
        }

        List<Chunk> sent = takeAll();

        assertThat(sent).hasSizeLessThan(10);
        sent.forEach(half::acknowledged);
    }

    /** Two logs, any order of sending, losing, repeating and acknowledging: all is delivered, nothing is counted twice. */
    @Test
    void whateverBecomesOfItEveryByteIsDeliveredOnce() {
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            SendHalf any = new SendHalf(allocator, 50_000);
            int toWrite = random.nextInt(50_000);
            List<ArrayDeque<Chunk>> logs = List.of(new ArrayDeque<>(), new ArrayDeque<>());
            int written = 0;
            for (int step = 0; any.state() != SendState.DELIVERED && step < 100_000; step++) {
                ArrayDeque<Chunk> log = logs.get(random.nextInt(2));
                switch (random.nextInt(6)) {
                    case 0 -> {
                        int length = Math.min(toWrite - written, random.nextInt(9000));
                        any.write(allocator.buffer(Math.max(1, length)).writeZero(length));
                        written += length;
                        if (written == toWrite) {
                            any.finish();
                        }
                    }
                    case 1, 2 -> {
                        Chunk chunk = any.next(1 + random.nextInt(5000), CREDIT);
                        if (chunk != null) {
                            log.add(chunk);
                        }
                    }
                    case 3 -> {
                        while (!log.isEmpty() && random.nextInt(5) > 0) {
                            any.acknowledged(log.remove());
                        }
                    }
                    case 4 -> log.forEach(any::repeat);
                    default -> {
                        while (!log.isEmpty()) {
                            any.lost(log.remove());
                        }
                    }
                }
            }
            assertThat(any.state()).as("seed " + seed).isEqualTo(SendState.DELIVERED);
            assertThat(any.sentSize()).as("seed " + seed).isEqualTo(toWrite);
            assertThat(any.outstandingBytes()).as("seed " + seed).isZero();
            logs.forEach(log -> log.forEach(any::lost));
            assertThat(any.canSend(CREDIT)).as("seed " + seed).isFalse();
            assertThat(allocator.metric().usedHeapMemory()).as("seed " + seed).isZero();
        }
    }

    private void write(int length) {
        ByteBuf data = allocator.buffer(length).writeZero(length);
        half.write(data);
    }

    private Chunk next(int maxBytes) {
        return Objects.requireNonNull(half.next(maxBytes, CREDIT));
    }

    private List<Chunk> takeAll() {
        List<Chunk> chunks = new ArrayList<>();
        while (half.canSend(CREDIT)) {
            chunks.add(next(3000));
        }
        return chunks;
    }
}
