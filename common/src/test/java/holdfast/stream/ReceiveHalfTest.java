package holdfast.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import holdfast.flowcontrol.ReceiveCredit;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReceiveHalfTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final ReceiveHalf half = new ReceiveHalf(allocator, ReceiveCredit.ofStream(1000, 1000), new GapBudget(100));

    @AfterEach
    void nothingIsLeft() {
        half.discard();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void theEndIsReachedWhenAllBytesBeforeItWereRead() throws ProtocolException {
        receive(50, 50, true);
        assertThat(half.isReadable()).isFalse();
        receive(0, 50, false);

        assertThat(half.state()).isEqualTo(ReceiveState.COMPLETE);
        assertThat(readAll()).isEqualTo(100);
        assertThat(half.state()).isEqualTo(ReceiveState.READ);
    }

    @Test
    void anEndWithoutBytesIsReadable() throws ProtocolException {
        receive(0, 0, true);

        assertThat(half.isReadable()).isTrue();
        assertThat(half.read()).isNull();
        assertThat(half.state()).isEqualTo(ReceiveState.READ);
    }

    @Test
    void bytesOfACompleteHalfThatComeAgainDoNotReturnTheCreditOfUnreadOnes() throws ProtocolException {
        receive(0, 100, true);

        receive(0, 100, true);

        assertThat(half.credit().held()).isEqualTo(100);
        assertThat(half.takeConsumed()).isZero();
        assertThat(readAll()).isEqualTo(100);
        half.consumed(100);
        assertThat(half.takeConsumed()).isEqualTo(100);
    }

    @Test
    void aResetDropsWhatWaitsAndReturnsItsCredit() throws ProtocolException {
        receive(0, 100, false);
        receive(200, 100, false);

        long fresh = half.reset(ErrorCode.CONNECTION_RESET, 500);

        assertThat(fresh).isEqualTo(200);
        assertThat(half.state()).isEqualTo(ReceiveState.RESET_RECEIVED);
        assertThat(half.takeConsumed()).isEqualTo(500);
        assertThat(half.read()).isNull();
        assertThat(half.gaps()).isZero();
    }

    @Test
    void aResetBehindAllBytesComesTooLate() throws ProtocolException {
        receive(0, 100, true);

        half.reset(ErrorCode.CONNECTION_RESET, 100);

        assertThat(half.state()).isEqualTo(ReceiveState.COMPLETE);
        assertThat(readAll()).isEqualTo(100);
    }

    @Test
    void aStoppedHalfTakesBytesOnlyToReturnTheirCredit() throws ProtocolException {
        receive(0, 100, false);
        assertThat(half.stop()).isTrue();
        assertThat(half.stop()).isFalse();

        receive(300, 100, false);

        assertThat(half.takeConsumed()).isEqualTo(400);
        assertThat(half.isReadable()).isFalse();
        receive(100, 300, true);
        assertThat(half.state()).isEqualTo(ReceiveState.READ);
        assertThat(half.takeConsumed()).isZero();
    }

    @Test
    void stoppingACompleteHalfIsNoNewsToThePeer() throws ProtocolException {
        receive(0, 100, true);

        assertThat(half.stop()).isFalse();

        assertThat(half.state()).isEqualTo(ReceiveState.READ);
        assertThat(half.takeConsumed()).isEqualTo(100);
    }

    @Test
    void theEndMayNotMove() throws ProtocolException {
        receive(0, 100, false);
        refused(() -> half.reset(ErrorCode.NONE, 99));
        refused(() -> receive(0, 99, true));
        receive(100, 10, true);
        refused(() -> receive(110, 1, false));
        refused(() -> receive(0, 109, true));
        refused(() -> half.reset(ErrorCode.NONE, 111));
        readAll();
        refused(() -> half.reset(ErrorCode.NONE, 111));
    }

    @Test
    void bytesThatWereReadAreHeldUntilTheyAreConsumed() throws ProtocolException {
        receive(0, 100, false);
        readAll();

        assertThat(half.credit().held()).isEqualTo(100);
        half.consumed(60);
        assertThat(half.credit().held()).isEqualTo(40);
        half.consumed(1000);
        assertThat(half.credit().held()).isZero();
    }

    private interface Action {
        void run() throws ProtocolException;
    }

    private static void refused(Action action) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(action::run)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION));
    }

    private void receive(long offset, int length, boolean fin) throws ProtocolException {
        half.receive(offset, allocator.buffer(Math.max(1, length)).writeZero(length), fin);
    }

    private int readAll() {
        int length = 0;
        for (ByteBuf each = half.read(); each != null; each = half.read()) {
            length += each.readableBytes();
            each.release();
        }
        return length;
    }
}
