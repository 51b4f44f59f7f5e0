package holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import holdfast.frame.AddAddress;
import holdfast.frame.Data;
import holdfast.frame.Frame;
import holdfast.frame.Join;
import holdfast.frame.NextKey;
import holdfast.frame.Parameters;
import holdfast.frame.PathCount;
import holdfast.frame.RemoveAddress;
import holdfast.path.PathState;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.PathStanding;
import holdfast.protocol.ProtocolException;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PathLossTest {
    @Test
    void whoReceivesMuchAndHasNothingOutNoticesAtOnceThatThePathIsDark() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.write(pair.gateway, stream, 100_000);
            pair.pass(100 * Pair.MILLIS);
            pair.write(pair.gateway, stream, 100_000);
            pair.down(0);

            pair.passInSilence(160 * Pair.MILLIS);

            assertThat(stateAtClient(pair, 0)).isEqualTo(PathState.SUSPECT);
        }
    }

    @Test
    void pathsThatWentDarkTogetherAreFoundOutTogether() {
        try (Pair pair = Pair.connected()) {
            pair.startPath();
            pair.startPath();
            pair.exchange();
            long stream = pair.openAccepted();
            pair.pass(Pair.SECOND);
            pair.write(pair.client, stream, 1000);
            pair.clientEvents.clear();

            pair.passInSilence(230 * Pair.MILLIS);

            assertThat(pair.clientEvents)
                    .contains(
                            new SessionEvent.PathSuspected(0),
                            new SessionEvent.PathSuspected(1),
                            new SessionEvent.PathSuspected(2));
        }
    }

    @Test
    void whatArrivesShowsThatAPathLivesThoughAnAnswerIsLate() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            for (int i = 0; i < 10; i++) {
                pair.write(pair.gateway, stream, 20_000);
                pair.down(0);
                pair.now += 50 * Pair.MILLIS;
                pair.client.handleTimeout(pair.now);
                assertThat(stateAtClient(pair, 0)).isEqualTo(PathState.UP);
            }
        }
    }

    @Test
    void aStallThatBothEndsNoticeIsSurvivedWithoutLosingThePath() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.write(pair.client, stream, 1000);
            pair.write(pair.gateway, stream, 1000);
            pair.passInSilence(400 * Pair.MILLIS);
            assertThat(stateAtClient(pair, 0)).isEqualTo(PathState.SUSPECT);
            assertThat(stateAtGateway(pair, 0)).isEqualTo(PathState.SUSPECT);

            pair.pass(50 * Pair.MILLIS);

            assertThat(stateAtClient(pair, 0)).isEqualTo(PathState.UP);
            assertThat(stateAtGateway(pair, 0)).isEqualTo(PathState.UP);
            assertThat(pair.read(pair.gateway, stream)).isEqualTo(1000);
            assertThat(pair.read(pair.client, stream)).isEqualTo(1000);
        }
    }

    @Test
    void silenceWhileThisEndItselfStoodStillIsNotThePathsFault() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.write(pair.client, stream, 1000);
            pair.sendUp(0);
            pair.client.nextTimeout();
            pair.now += 30 * Pair.SECOND;

            pair.client.handleTimeout(pair.now);

            assertThat(stateAtClient(pair, 0)).isEqualTo(PathState.UP);
        }
    }

    @Test
    void aPathThatIsSilentThoughThisEndIsAwakeIsGivenUpInTime() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.write(pair.client, stream, 1000);

            pair.passInSilence(1100 * Pair.MILLIS);

            assertThat(pair.clientEvents)
                    .contains(new SessionEvent.PathSuspected(0), new SessionEvent.Detached())
                    .anyMatch(each -> each instanceof SessionEvent.PathDown down && down.code() == ErrorCode.TIMED_OUT);
        }
    }

    @Test
    void thePathInsideAnotherSessionIsKeptThroughThatSessionsOutage() {
        try (Pair pair = Pair.connected()) {
            pair.client.markCarried(0);
            pair.gateway.markCarried(0);
            long stream = pair.openAccepted();
            pair.write(pair.client, stream, 1000);
            pair.write(pair.gateway, stream, 1000);
            pair.passInSilence(20 * Pair.SECOND);
            assertThat(stateAtClient(pair, 0)).isEqualTo(PathState.SUSPECT);
            assertThat(stateAtGateway(pair, 0)).isEqualTo(PathState.SUSPECT);

            pair.pass(50 * Pair.MILLIS);

            assertThat(stateAtClient(pair, 0)).isEqualTo(PathState.UP);
            assertThat(pair.read(pair.gateway, stream)).isEqualTo(1000);
            assertThat(pair.read(pair.client, stream)).isEqualTo(1000);
            assertThat(pair.client.pathSnapshots().get(0).repeated()).isZero();
        }
    }

    @Test
    void thePathInsideAnotherSessionIsGivenUpWhenNothingComesBackForHalfAMinute() {
        try (Pair pair = Pair.connected()) {
            pair.client.markCarried(0);
            long stream = pair.openAccepted();
            pair.write(pair.client, stream, 1000);

            pair.passInSilence(31 * Pair.SECOND);

            assertThat(pair.clientEvents)
                    .anyMatch(each -> each instanceof SessionEvent.PathDown down && down.code() == ErrorCode.TIMED_OUT);
        }
    }

    @Test
    void aPathThatAnswersPingsButSwallowsDataIsGivenUpAllTheSame() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.write(pair.client, stream, 1000);
            for (int i = 0; i < 30 && stateAtClient(pair, 0) != PathState.DEAD; i++) {
                for (Frame each = pair.client.pollFrame(0, pair.now);
                        each != null;
                        each = pair.client.pollFrame(0, pair.now)) {
                    if (each instanceof holdfast.frame.Ping ping) {
                        pair.client.handleFrame(0, new holdfast.frame.Pong(ping.nonce()), pair.now);
                    }
                    each.release();
                }
                pair.now += 40 * Pair.MILLIS;
                pair.client.handleTimeout(pair.now);
            }
            pair.tell();

            assertThat(pair.clientEvents).anyMatch(each -> each instanceof SessionEvent.PathDown);
        }
    }

    @Test
    void whatIsOutOnASilentPathLeavesOnTheNextAsSoonAsThatIsUp() {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            pair.write(pair.client, stream, 1000);
            pair.sendUp(0);
            pair.now += 200 * Pair.MILLIS;
            pair.client.handleTimeout(pair.now);
            pair.drop(0);

            long next = pair.startPath();
            pair.up(next);
            pair.down(next);
            pair.up(next);

            assertThat(pair.read(pair.gateway, stream)).isEqualTo(1000);
        }
    }

    @Test
    void aLogThatWaitsForTheNextPathLeavesOnASuspectedOneThatIsTrustedAgain() {
        try (Pair pair = Pair.connected()) {
            long other = pair.startPath();
            pair.exchange();
            long stream = pair.openAccepted();
            // Something is out on both, and both fall silent; then one is lost and the other wakes up.
            pair.client.setStanding(other, PathStanding.STANDBY);
            pair.pass(50 * Pair.MILLIS);
            pair.write(pair.client, stream, 1000);
            pair.sendUp(0);
            pair.client.probeAll(pair.now);
            pair.sendUp(other);
            pair.now += 150 * Pair.MILLIS;
            pair.client.handleTimeout(pair.now);
            assertThat(stateAtClient(pair, 0)).isEqualTo(PathState.SUSPECT);
            assertThat(stateAtClient(pair, other)).isEqualTo(PathState.SUSPECT);
            pair.lose(0);

            pair.pass(100 * Pair.MILLIS);

            assertThat(stateAtClient(pair, other)).isEqualTo(PathState.UP);
            assertThat(pair.read(pair.gateway, stream)).isEqualTo(1000);
        }
    }

    @Test
    void aHelloThatIsRepeatedBringsBackWhatTheGatewayHadSentInVain() {
        try (Pair pair = new Pair()) {
            long stream = pair.open();
            pair.startPath();
            pair.up(0);
            pair.gateway.accept(stream, Pair.BOUND, pair.now);
            pair.write(pair.gateway, stream, 1000);
            pair.sendDown(0);
            pair.lose(0);

            pair.startPath();
            pair.pass(50 * Pair.MILLIS);

            assertThat(pair.read(pair.client, stream)).isEqualTo(1000);
            assertThat(pair.clientEvents).contains(new SessionEvent.StreamAccepted(stream, Pair.BOUND));
            assertThat(pair.gatewayEvents.stream().filter(SessionEvent.StreamOpened.class::isInstance))
                    .hasSize(1);
        }
    }

    @Test
    void aStandbyPathCarriesNothingWhileAnActiveOneIsUp() {
        try (Pair pair = Pair.connected()) {
            long standby = pair.startPath();
            pair.exchange();
            pair.client.setStanding(standby, PathStanding.STANDBY);
            pair.pass(50 * Pair.MILLIS);
            long stream = pair.openAccepted();
            pair.write(pair.client, stream, 200_000);

            assertThat(pair.sendUp(standby)).isEmpty();
            assertThat(pair.sendUp(0)).anyMatch(Data.class::isInstance);
        }
    }

    @Test
    void aPathThatJoinsAsStandbyIsOneForTheGatewayFromItsFirstByteOn() {
        try (Pair pair = Pair.connected()) {
            long standby = pair.startPath(PathStanding.STANDBY);
            pair.exchange();
            long stream = pair.openAccepted();
            pair.write(pair.gateway, stream, 200_000);

            assertThat(pair.sendDown(standby)).isEmpty();
            assertThat(pair.sendDown(0)).anyMatch(Data.class::isInstance);
        }
    }

    @Test
    void theStandbyPathTakesOverAsSoonAsTheActiveOneIsDoubted() {
        try (Pair pair = Pair.connected()) {
            long standby = pair.startPath(PathStanding.STANDBY);
            pair.exchange();
            long stream = pair.openAccepted();
            pair.client.handleFrame(
                    standby, new holdfast.frame.PathStatus(0, 1, holdfast.frame.PathStatus.DOUBTED), pair.now);
            pair.write(pair.client, stream, 1000);

            assertThat(pair.sendUp(standby)).anyMatch(Data.class::isInstance);
        }
    }

    private static PathStanding standing(Session session, long path) {
        return Objects.requireNonNull(session.pathTable().get(path)).standing();
    }

    @Test
    void aStandingThatChangesWhileThePathJoinsIsSaidOnceItHas() {
        try (Pair pair = Pair.connected()) {
            long other = pair.startPath();
            pair.client.setStanding(other, PathStanding.METERED);
            assertThat(pair.sendUp(0)).as("before the gateway knows the path").isEmpty();
            pair.exchange();

            assertThat(standing(pair.gateway, other)).isEqualTo(PathStanding.METERED);
        }
    }

    @Test
    void bothEndsComeToTheSameStandingWhenBothChangeItAtOnce() {
        try (Pair pair = Pair.connected()) {
            pair.client.setStanding(0, PathStanding.STANDBY);
            pair.gateway.setStanding(0, PathStanding.METERED);
            pair.exchange();

            assertThat(standing(pair.client, 0)).isEqualTo(PathStanding.METERED);
            assertThat(standing(pair.gateway, 0)).isEqualTo(PathStanding.METERED);
        }
    }

    @Test
    void sayingAgainWhatHoldsIsNoNewsThatBeatsThePeers() {
        try (Pair pair = Pair.connected()) {
            pair.client.setStanding(0, PathStanding.ACTIVE);
            pair.client.setStanding(0, PathStanding.ACTIVE);
            pair.gateway.setStanding(0, PathStanding.STANDBY);
            pair.exchange();

            assertThat(standing(pair.client, 0)).isEqualTo(PathStanding.STANDBY);
        }
    }

    @Test
    void whatIsSaidLastOfAnAddressHoldsInWhateverOrderItArrives() {
        try (Pair pair = Pair.connected()) {
            pair.client.handleFrame(0, new RemoveAddress(2, "g:2"), pair.now);
            pair.client.handleFrame(0, new AddAddress(1, "g:2"), pair.now);
            pair.client.handleFrame(0, new AddAddress(3, "g:3"), pair.now);
            pair.client.handleFrame(0, new AddAddress(3, "g:3"), pair.now);
            pair.tell();

            assertThat(pair.clientEvents.stream().filter(SessionEvent.AddressChanged.class::isInstance))
                    .containsExactly(
                            new SessionEvent.AddressChanged("g:2", false),
                            new SessionEvent.AddressChanged("g:3", true));
        }
    }

    @Test
    void ofSeveralNextKeysTheLastThatWasSaidHoldsInWhateverOrderTheyArrive() {
        try (Pair pair = Pair.connected()) {
            pair.client.handleFrame(0, new NextKey(2, "second"), pair.now);
            pair.client.handleFrame(0, new NextKey(1, "first"), pair.now);
            pair.tell();

            assertThat(pair.clientEvents.stream().filter(SessionEvent.KeyAnnounced.class::isInstance))
                    .containsExactly(new SessionEvent.KeyAnnounced("second"));
        }
    }

    @Test
    void acknowledgementsThatWereLostWithOnePathAreRepeatedForTheOthers() {
        try (Pair pair = Pair.connected()) {
            long other = pair.startPath();
            pair.exchange();
            pair.client.setStanding(other, PathStanding.STANDBY);
            long stream = pair.openAccepted();
            pair.write(pair.client, stream, 1000);
            pair.up(0);
            // The gateway doubts the path and speaks for it on the other, which breaks with the acknowledgement.
            pair.gateway.handleFrame(
                    other, new holdfast.frame.PathStatus(0, 1, holdfast.frame.PathStatus.DOUBTED), pair.now);
            pair.now += 10 * Pair.MILLIS;
            assertThat(pair.sendDown(other)).anyMatch(holdfast.frame.PathAck.class::isInstance);
            pair.lose(other);

            pair.pass(60 * Pair.MILLIS);

            assertThat(pair.client.undelivered(stream)).isZero();
            assertThat(stateAtClient(pair, 0)).isEqualTo(PathState.UP);
        }
    }

    @Test
    void aJoinThatIsPlayedAgainIsRefusedAndDisturbsNothing() throws ProtocolException {
        try (Pair pair = Pair.connected()) {
            long stream = pair.openAccepted();
            Join replay = new Join(pair.gateway.id().orElseThrow(), 0, List.of(new PathCount(0, 1)), Parameters.NONE);

            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> pair.gateway.handleJoin(replay, replay.length(), pair.now))
                    .satisfies(e -> assertThat(e.scope()).isEqualTo(ProtocolException.Scope.PATH))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SESSION_GONE));

            assertThat(stateAtGateway(pair, 0)).isEqualTo(PathState.UP);
            pair.write(pair.client, stream, 10);
            pair.exchange();
            assertThat(pair.read(pair.gateway, stream)).isEqualTo(10);
        }
    }

    @Test
    void ofTenThousandJoinsThatRaceForOneIdExactlyOneWins() {
        try (Pair pair = Pair.connected()) {
            Join join = new Join(pair.gateway.id().orElseThrow(), 7, List.of(), Parameters.NONE);
            int won = 0;
            for (int i = 0; i < 10_000; i++) {
                try {
                    pair.gateway.handleJoin(join, join.length(), pair.now);
                    won++;
                } catch (ProtocolException lost) {
                    assertThat(lost.scope()).isEqualTo(ProtocolException.Scope.PATH);
                    assertThat(lost.code()).isEqualTo(ErrorCode.SESSION_GONE);
                }
            }

            assertThat(won).isEqualTo(1);
        }
    }

    @Test
    void pathsThatTheClientHasGivenUpDoNotCountAgainstWhatItMayHave() {
        try (Pair pair = Pair.connected()) {
            for (int i = 0; i < 40; i++) {
                // The gateway is never told.
                long last = LongStream.of(i).sum();
                pair.client.handlePathDown(last, ErrorCode.PATH_LOST, "gone", pair.now);
                pair.drop(last);
                pair.startPath();
                pair.exchange();
            }

            assertThat(pair.gateway.paths()).hasSize(1);
            assertThat(pair.client.state()).isEqualTo(SessionState.ACTIVE);
        }
    }

    @Test
    void morePathsThanAllowedAreRefusedAndTheSessionGoesOn() {
        try (Pair pair = Pair.connected()) {
            for (int i = 1; i < 8; i++) {
                pair.startPath();
            }
            pair.exchange();
            Join ninth = new Join(pair.gateway.id().orElseThrow(), 8, List.of(), Parameters.NONE);

            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> pair.gateway.handleJoin(ninth, ninth.length(), pair.now))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
            assertThat(pair.gateway.paths()).hasSize(8);
        }
    }

    @Test
    void aRefusalDoesNotEndASessionThatHasAPathThatWorks() {
        try (Pair pair = Pair.connected()) {
            long path = pair.startPath();

            pair.client.handleFrame(
                    path, new holdfast.frame.Refused(ErrorCode.SESSION_GONE, "another gateway"), pair.now);

            assertThat(pair.client.state()).isEqualTo(SessionState.ACTIVE);
        }
    }

    @Test
    void dialsWithoutNumberLeaveNothingBehind() {
        try (Pair pair = Pair.connected()) {
            pair.openAccepted();
            pair.lose(0);
            for (int i = 0; i < 10_000; i++) {
                long path = pair.startPath();
                pair.sendUp(path);
                pair.lose(path);
            }

            assertThat(pair.client.pathTable().waitingLogs()).isLessThan(100);
            assertThat(pair.client.pathTable().retiredCounts()).hasSizeLessThanOrEqualTo(64);
            assertThat(pair.client.pathTable().retiredCounts().get(0).path()).isZero();
        }
    }

    private static PathState stateAtClient(Pair pair, long path) {
        return state(pair.client, path);
    }

    private static PathState stateAtGateway(Pair pair, long path) {
        return state(pair.gateway, path);
    }

    private static PathState state(Session session, long path) {
        return session.paths().stream()
                .filter(each -> each.id() == path)
                .findFirst()
                .map(holdfast.path.Path::state)
                .orElse(PathState.DEAD);
    }
}
