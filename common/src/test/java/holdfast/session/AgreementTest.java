package holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.frame.Agreed;
import holdfast.frame.Conditions;
import holdfast.protocol.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AgreementTest {
    private static final List<String> NONE = List.of("recording=none");
    private static final List<String> ALL = List.of("recording=content");

    @Test
    void conditionsAreKnownBeforeTheClientHasOpenedAnything() {
        try (Pair pair = new Pair()) {
            pair.gateway.stateConditions(NONE);
            pair.startPath();
            pair.exchange();

            assertThat(pair.client.isConditional()).isTrue();
            assertThat(pair.clientEvents).contains(new SessionEvent.ConditionsStated(1, NONE));

            pair.client.answerConditions(1, true, "");
            pair.exchange();

            assertThat(pair.gatewayEvents).contains(new SessionEvent.ConditionsAnswered(1, true, ""));
        }
    }

    @Test
    void aGatewayThatStatesNothingIsKnownToDoSo() {
        try (Pair pair = new Pair()) {
            pair.startPath();
            pair.exchange();

            assertThat(pair.client.isConditional()).isFalse();
        }
    }

    @Test
    void changedConditionsAreStatedOnceEach() {
        try (Pair pair = new Pair()) {
            pair.gateway.stateConditions(NONE);
            pair.startPath();
            pair.exchange();
            pair.gateway.stateConditions(NONE);
            pair.gateway.stateConditions(ALL);
            pair.exchange();

            assertThat(pair.clientEvents)
                    .contains(new SessionEvent.ConditionsStated(2, ALL))
                    .filteredOn(SessionEvent.ConditionsStated.class::isInstance)
                    .hasSize(2);
        }
    }

    @Test
    void anOldStatementAndAnOldAnswerMeanNothing() {
        try (Pair pair = new Pair()) {
            pair.gateway.stateConditions(NONE);
            pair.startPath();
            pair.exchange();
            pair.client.handleFrame(0, new Conditions(1, ALL), pair.now);
            pair.gateway.handleFrame(0, new Agreed(1, false, "no"), pair.now);
            pair.gateway.handleFrame(0, new Agreed(1, true, ""), pair.now);
            pair.tell();

            assertThat(pair.clientEvents).doesNotContain(new SessionEvent.ConditionsStated(1, ALL));
            assertThat(pair.gatewayEvents)
                    .contains(new SessionEvent.ConditionsAnswered(1, false, "no"))
                    .doesNotContain(new SessionEvent.ConditionsAnswered(1, true, ""));
        }
    }

    @Test
    void anAnswerToWhatWasNotStatedEndsTheSession() {
        try (Pair pair = new Pair()) {
            pair.startPath();
            pair.exchange();
            pair.gateway.handleFrame(0, new Agreed(1, true, ""), pair.now);
            pair.tell();

            assertThat(pair.gatewayEvents)
                    .filteredOn(SessionEvent.Ended.class::isInstance)
                    .first()
                    .extracting(each -> ((SessionEvent.Ended) each).code())
                    .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
    }
}
