package holdfast.flowcontrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import org.junit.jupiter.api.Test;

final class CreditTest {
    private static final long MILLIS = 1_000_000;

    @Test
    void whatIsUsedIsNoLongerAvailable() {
        SendCredit credit = new SendCredit(100);

        credit.use(60);

        assertThat(credit.available()).isEqualTo(40);
        assertThat(credit.used()).isEqualTo(60);
        assertThatIllegalStateException().isThrownBy(() -> credit.use(41));
    }

    @Test
    void onlyALargerLimitIsNews() {
        SendCredit credit = new SendCredit(100);

        assertThat(credit.raise(100)).isFalse();
        assertThat(credit.raise(50)).isFalse();
        assertThat(credit.raise(101)).isTrue();
        assertThat(credit.available()).isEqualTo(101);
    }

    @Test
    void theLastPromisedByteMayArriveAndNoneBehindIt() throws ProtocolException {
        ReceiveCredit credit = ReceiveCredit.ofStream(100, 100);

        assertThat(credit.receivedUpTo(100)).isEqualTo(100);

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> credit.receivedUpTo(101))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FLOW_CONTROL_VIOLATION))
                .withMessageContaining("101")
                .withMessageContaining("100");
    }

    @Test
    void bytesThatArriveTwiceCountOnce() throws ProtocolException {
        ReceiveCredit credit = ReceiveCredit.ofStream(100, 100);
        credit.receivedUpTo(60);

        assertThat(credit.receivedUpTo(40)).isZero();
        assertThat(credit.receivedUpTo(70)).isEqualTo(10);
        assertThat(credit.held()).isEqualTo(70);
    }

    @Test
    void aStreamsPromiseMovesWithWhatIsConsumed() throws ProtocolException {
        ReceiveCredit credit = ReceiveCredit.ofStream(100, 100);
        credit.receivedUpTo(100);

        assertThat(credit.isWorthAnnouncing()).isFalse();
        credit.consumed(24);
        assertThat(credit.isWorthAnnouncing()).isFalse();
        credit.consumed(1);
        assertThat(credit.isWorthAnnouncing()).isTrue();
        assertThat(credit.announce()).isEqualTo(125);
        assertThat(credit.isWorthAnnouncing()).isFalse();
    }

    @Test
    void aSessionsPromiseMovesWithWhatArrivesWhileLittleIsHeld() throws ProtocolException {
        ReceiveCredit credit = ReceiveCredit.ofSession(100, 100, 400);

        credit.receivedUpTo(100);
        assertThat(credit.announce()).isEqualTo(200);
        credit.receivedUpTo(200);
        assertThat(credit.announce()).isEqualTo(300);
        credit.receivedUpTo(300);
        assertThat(credit.announce()).isEqualTo(400);
        credit.receivedUpTo(400);
        assertThat(credit.announce()).isEqualTo(400);
        credit.consumed(10);
        assertThat(credit.announce()).isEqualTo(410);
    }

    @Test
    void programsThatNeverReadDoNotKeepTheRestOfTheSessionsCreditFromTheOthers() throws ProtocolException {
        ReceiveCredit credit = ReceiveCredit.ofSession(100, 100, 200);
        long unread = 190;
        long received = 0;

        // All that comes behind the unread bytes is read at once: the sender is never without credit for good.
        for (int i = 0; i < 1000; i++) {
            long next = credit.limit();
            assertThat(next).isGreaterThan(received);
            received = next;
            credit.receivedUpTo(received);
            credit.consumed(Math.max(0, received - unread) - credit.consumed());
            if (credit.isWorthAnnouncing()) {
                credit.announce();
            }
        }

        assertThat(credit.held()).isLessThanOrEqualTo(200);
    }

    @Test
    void moreThanArrivedCannotBeConsumed() {
        ReceiveCredit credit = ReceiveCredit.ofStream(100, 100);

        assertThatIllegalStateException().isThrownBy(() -> credit.consumed(1));
    }

    @Test
    void aWindowThatLimitsTheSenderDoublesEachRoundTripUpToItsMaximum() throws ProtocolException {
        ReceiveCredit credit = ReceiveCredit.ofStream(1000, 5000);
        long now = 1;
        credit.tune(now, 10 * MILLIS);
        long[] windows = new long[5];

        for (int round = 0; round < windows.length; round++) {
            credit.receivedUpTo(credit.limit());
            credit.consumed(credit.held());
            now += 10 * MILLIS;
            credit.tune(now, 10 * MILLIS);
            credit.announce();
            windows[round] = credit.window();
        }

        assertThat(windows).containsExactly(2000, 4000, 5000, 5000, 5000);
    }

    @Test
    void aWindowThatIsHardlyUsedStaysAsItIs() throws ProtocolException {
        ReceiveCredit credit = ReceiveCredit.ofStream(1000, 5000);
        long now = 1;
        credit.tune(now, 10 * MILLIS);

        for (int round = 0; round < 20; round++) {
            credit.receivedUpTo(credit.received() + 500);
            credit.consumed(500);
            now += 10 * MILLIS;
            credit.tune(now, 10 * MILLIS);
            credit.announce();
        }

        assertThat(credit.window()).isEqualTo(1000);
    }

    @Test
    void whatWasConsumedInSeveralRoundsIsNotTakenForOne() throws ProtocolException {
        ReceiveCredit credit = ReceiveCredit.ofStream(1000, 5000);
        credit.tune(1, 10 * MILLIS);
        credit.receivedUpTo(900);
        credit.consumed(900);

        credit.tune(1 + 100 * MILLIS, 10 * MILLIS);

        assertThat(credit.window()).isEqualTo(1000);
    }

    @Test
    void streamsThatGrewAndStandStillLeaveRoomForOthers() throws ProtocolException {
        WindowPool pool = new WindowPool(1000);
        long held = 0;

        for (int i = 0; i < 50; i++) {
            ReceiveCredit stuck = ReceiveCredit.ofStream(10, 600, pool);
            consumeQuickly(stuck);
            held += stuck.announce() - stuck.consumed();
        }

        assertThat(held)
                .as("all that 50 streams which stopped reading can make us hold")
                .isLessThanOrEqualTo(1000 + 50 * 10);
        ReceiveCredit lively = ReceiveCredit.ofStream(10, 600, pool);
        consumeQuickly(lively);
        assertThat(lively.announce() - lively.consumed()).isGreaterThanOrEqualTo(10);
        assertThat(lively.isWorthAnnouncing()).isFalse();
        lively.receivedUpTo(lively.limit());
        lively.consumed(lively.held());
        assertThat(lively.isWorthAnnouncing())
                .as("a stream that goes on is never left without credit")
                .isTrue();
    }

    @Test
    void whatAStreamHadOfThePoolComesBackAtItsEnd() throws ProtocolException {
        WindowPool pool = new WindowPool(1000);
        ReceiveCredit credit = ReceiveCredit.ofStream(10, 600, pool);
        consumeQuickly(credit);
        credit.announce();
        assertThat(pool.lent()).isEqualTo(500);

        credit.end();

        assertThat(pool.lent()).isZero();
    }

    /** A round in which so much was consumed that the window wants to be as large as it may be. */
    private static void consumeQuickly(ReceiveCredit credit) throws ProtocolException {
        credit.tune(1, MILLIS);
        for (int i = 0; i < 100; i++) {
            credit.receivedUpTo(credit.limit());
            credit.consumed(credit.held());
            credit.tune(2 + i * MILLIS, MILLIS);
            credit.announce();
        }
    }
}
