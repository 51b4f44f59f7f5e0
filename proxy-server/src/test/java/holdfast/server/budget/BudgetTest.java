package holdfast.server.budget;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users and sessions may have, and what a month of it adds up to. */
final class BudgetTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MB = 1_000_000;
    private static final UserLimits ALICE = new UserLimits(2, 3, 10, 60, 60, 100, MB, 10 * MB);

    @TempDir
    private Path folder = Path.of("");

    private Instant time = Instant.parse("2026-11-25T12:00:00Z");
    private final InstantSource clock = () -> time;
    private UsageFile usage = openNothing();

    @BeforeEach
    void open() throws IOException {
        usage = UsageFile.open(folder.resolve("usage"), clock);
    }

    @Test
    void aUserHasSoManySessionsAndAnotherOneAfterOneEnds() {
        Budget budget = budget();
        SessionBudget first = session(budget);
        session(budget);

        assertThat(budget.startSession("alice", "3", 0)).isNull();
        first.end();
        first.end();

        session(budget);
        assertThat(budget.startSession("alice", "4", 0)).isNull();
        assertThat(budget.startSession("bob", "5", 0)).as("another user's").isNotNull();
    }

    @Test
    void whoseSessionsWereEndedForWhatTheyDidHasToWaitForTheNext() {
        UserBudget alice = budget().user("alice", 0);
        alice.abused(0);
        alice.abused(0);
        assertThat(alice.loginRefusal(0)).as("after two").isNull();

        alice.abused(0);

        assertThat(alice.loginRefusal(SECOND)).contains("alice").contains("wait 20 s");
        assertThat(alice.loginRefusal(20 * SECOND)).isNull();
        alice.abused(20 * SECOND);
        assertThat(alice.loginRefusal(21 * SECOND)).isNotNull();
    }

    @Test
    void aStreamCountsUntilItIsGivenBack() {
        Budget budget = budget();
        SessionBudget session = session(budget);
        for (int i = 0; i < 3; i++) {
            assertThat(session.takeStream()).isTrue();
        }

        assertThat(session.takeStream()).isFalse();
        assertThat(budget.streams()).isEqualTo(3);
        session.giveStreamBack();

        assertThat(session.takeStream()).isTrue();
    }

    @Test
    void allUsersTogetherHaveSoManyStreams() {
        Limits limits = new Limits(new DoorLimits(1, 1, 1, 1, 4), UserLimits.DEFAULT, Map.of());
        Budget budget = new Budget(limits, usage, new SplittableRandom(1));
        SessionBudget one = requireNonNull(budget.startSession("alice", "1", 0));
        SessionBudget other = requireNonNull(budget.startSession("bob", "2", 0));
        for (SessionBudget each : List.of(one, one, other, other)) {
            assertThat(each.takeStream()).isTrue();
        }

        assertThat(one.takeStream()).isFalse();
        other.giveStreamBack();

        assertThat(one.takeStream()).isTrue();
    }

    @Test
    void opensBeyondTheRateWait() {
        SessionBudget session = session(budget());
        for (int i = 0; i < 100; i++) {
            assertThat(session.chargeOpen(0)).isZero();
        }

        assertThat(session.chargeOpen(0)).isEqualTo(SECOND / 10);
        assertThat(session.chargeOpen(0)).isEqualTo(2 * SECOND / 10);
        assertThat(session.chargeOpen(20 * SECOND)).isZero();
    }

    @Test
    void joinsBeyondTheRateAreRefused() {
        SessionBudget session = session(budget());
        for (int i = 0; i < 60; i++) {
            assertThat(session.takeJoin(0)).isTrue();
        }

        assertThat(session.takeJoin(0)).isFalse();
        assertThat(session.takeJoin(SECOND)).isTrue();
    }

    @Test
    void aScanIsStoppedByItsFailures() {
        UserBudget alice = budget().user("alice", 0);
        for (int i = 0; i < 60; i++) {
            alice.connectFailed(0);
        }
        assertThat(alice.refusal(0)).isNull();
        alice.connectFailed(0);

        assertThat(alice.refusal(0)).contains("60 connections a minute have failed");
        assertThat(alice.refusal(SECOND)).isNull();
    }

    @Test
    void bytesBeyondTheBandwidthWaitEachWayByItself() {
        UserBudget alice = budget().user("alice", 0);

        assertThat(alice.chargeDown(1_000_000, 0)).isZero();
        assertThat(alice.chargeDown(500_000, 0)).isEqualTo(SECOND / 2);
        assertThat(alice.chargeUp(1_000_000, 0)).isZero();
        assertThat(alice.takeDatagram(100, 0)).isTrue();
        assertThat(alice.takeDatagram(100, 0)).as("the way up is used up").isFalse();
        assertThat(alice.chargeDown(0, SECOND)).isZero();
    }

    @Test
    void datagramsBeyondTheRateAreDropped() {
        UserBudget alice = budget().user("alice", 0);
        for (int i = 0; i < 100; i++) {
            assertThat(alice.takeDatagram(1, 0)).isTrue();
        }

        assertThat(alice.takeDatagram(1, 0)).isFalse();
        assertThat(alice.takeDatagram(1, SECOND)).isTrue();
    }

    @Test
    void aQuotaIsNotRenewedByARestart() throws IOException {
        budget().user("alice", 0).chargeDown((int) (6 * MB), 0);
        usage.save();

        usage = UsageFile.open(folder.resolve("usage"), clock);
        UserBudget alice = budget().user("alice", 0);
        assertThat(alice.isQuotaUsedUp()).isFalse();
        alice.chargeUp((int) (4 * MB), 0);

        assertThat(alice.isQuotaUsedUp()).isTrue();
        assertThat(alice.refusal(0)).contains("monthly quota of 10000000 bytes");
    }

    @Test
    void aNewMonthIsANewQuota() throws IOException {
        UserBudget alice = budget().user("alice", 0);
        alice.chargeDown((int) (10 * MB), 0);
        usage.save();
        assertThat(alice.isQuotaUsedUp()).isTrue();

        time = Instant.parse("2026-12-01T00:00:00Z");
        usage.save();

        assertThat(alice.isQuotaUsedUp()).isFalse();
        assertThat(UsageFile.open(folder.resolve("usage"), clock).of("alice").bytes())
                .isZero();
    }

    @Test
    void aDamagedFileCostsNobodyTheStart() throws IOException {
        Files.writeString(
                folder.resolve("usage"), "2026-11 bob 12\n2026-11 ali\n2026-13 eve 5\nx\n2026-11 carol nine\n");

        UsageFile read = UsageFile.open(folder.resolve("usage"), clock);

        assertThat(read.of("bob").bytes()).isEqualTo(12);
        assertThat(read.of("carol").bytes()).isZero();
    }

    @Test
    void otherLimitsHoldAtOnce() {
        Budget budget = budget();
        UserBudget alice = budget.user("alice", 0);
        alice.chargeDown((int) (9 * MB), 0);

        budget.change(new Limits(DoorLimits.DEFAULT, new UserLimits(2, 3, 10, 60, 60, 100, 0, 5 * MB), Map.of()), 0);

        assertThat(alice.isQuotaUsedUp()).isTrue();
        assertThat(alice.chargeDown(1, 0)).as("no bandwidth is set any more").isZero();
    }

    @Test
    void changedLimitsHoldInSessionsThatRun() {
        Budget budget = budget();
        SessionBudget session = session(budget);
        session.chargeOpen(0);
        for (int i = 0; i < 3; i++) {
            session.takeStream();
        }

        budget.change(new Limits(DoorLimits.DEFAULT, new UserLimits(2, 4, 1, 1, 60, 1, 0, 0), Map.of()), 0);

        assertThat(session.takeStream()).as("a fourth stream").isTrue();
        assertThat(session.takeStream()).as("a fifth one").isFalse();
        assertThat(session.takeDatagram(1, 0)).as("a datagram").isTrue();
        assertThat(session.takeDatagram(1, 0)).as("another one").isFalse();
        assertThat(session.takeJoin(0)).as("a join").isTrue();
        assertThat(session.takeJoin(0)).as("another one").isFalse();
        for (int i = 0; i < 20; i++) {
            session.chargeOpen(0);
        }
        assertThat(session.chargeOpen(0)).as("wait at one open a second").isGreaterThan(5 * SECOND);
    }

    @Test
    void changedRatesHoldForAddressesThatWereHereBefore() {
        Budget budget = budget();
        Source source = Source.of(new InetSocketAddress("192.0.2.1", 1));
        Stranger first = budget.arrivals().arrived(source, 0, () -> {});

        budget.change(new Limits(new DoorLimits(100, 1000, 16, 2, 100), UserLimits.DEFAULT, Map.of()), 0);

        assertThat(first).isNotNull();
        assertThat(budget.arrivals().arrived(source, 0, () -> {})).isNotNull();
        assertThat(budget.arrivals().arrived(source, 0, () -> {}))
                .as("a third of two a minute")
                .isNull();
    }

    @Test
    void datagramsCountAsBytesOfTheirSession() {
        SessionBudget session = session(budget());

        session.takeDatagram(700, 0);

        assertThat(session.up()).isEqualTo(700);
    }

    private Budget budget() {
        return new Budget(
                new Limits(DoorLimits.DEFAULT, UserLimits.DEFAULT, Map.of("alice", ALICE)),
                usage,
                new SplittableRandom(1));
    }

    private static SessionBudget session(Budget budget) {
        return requireNonNull(budget.startSession("alice", "1", 0));
    }

    private UsageFile openNothing() {
        try {
            return UsageFile.open(Path.of("/nonexistent/usage"), clock);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
