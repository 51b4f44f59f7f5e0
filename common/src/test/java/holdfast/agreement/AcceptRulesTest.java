package holdfast.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AcceptRulesTest {
    private static final AcceptRules NO_RECORDING = new AcceptRules(Recording.NONE, Optional.empty(), 0, List.of());

    @Test
    void whoSaysNothingAcceptsEverything() {
        assertThat(AcceptRules.EVERYTHING.objection(Terms.UNSTATED)).isEmpty();
        assertThat(AcceptRules.EVERYTHING.objection(terms("recording=content", "retention=unlimited")))
                .isEmpty();
    }

    @Test
    void aGatewayThatStatesNothingIsNotAcceptedByARule() {
        assertThat(NO_RECORDING.objection(Terms.UNSTATED))
                .hasValueSatisfying(reason -> assertThat(reason).contains("does not state its conditions"));
    }

    @ParameterizedTest
    @CsvSource({"none, true", "connections, false", "content, false", "telepathy, false"})
    void recordingIsAcceptedUpToWhatTheRuleSays(String word, boolean accepted) {
        assertThat(NO_RECORDING.objection(terms("recording=" + word)).isEmpty()).isEqualTo(accepted);
    }

    @Test
    void theReasonIsInWordsThatAUserUnderstands() {
        assertThat(NO_RECORDING.objection(terms("recording=connections")))
                .contains("the gateway records who connects where, when and how much;"
                        + " [accept] recording = \"none\" accepts nothing");
    }

    @ParameterizedTest
    @CsvSource({
        "recording=connections retention=2592000, true",
        "recording=connections retention=2592001, false",
        "recording=connections retention=unlimited, false",
        "recording=connections retention=-1, false",
        "recording=connections, false",
        "recording=none, true"
    })
    void retentionIsAcceptedUpToATime(String words, boolean accepted) {
        AcceptRules thirtyDays = new AcceptRules(Recording.CONNECTIONS, Optional.of(Duration.ofDays(30)), 0, List.of());

        assertThat(thirtyDays.objection(terms(words.split(" "))).isEmpty()).isEqualTo(accepted);
    }

    @Test
    void ratesAndPortsAreAcceptedFromWhatTheRuleSays() {
        AcceptRules rules = new AcceptRules(Recording.UNKNOWN, Optional.empty(), 1_000_000, List.of(993));

        assertThat(rules.objection(terms("rate=1000000", "ports=80,990-1000"))).isEmpty();
        assertThat(rules.objection(terms("recording=none"))).isEmpty();
        assertThat(rules.objection(terms("rate=999999")))
                .contains("the gateway carries 999999 bytes a second; [accept] rate wants 1000000");
        assertThat(rules.objection(terms("ports=80,443")))
                .contains("port 993 is closed at the gateway; [accept] ports wants it");
        assertThat(rules.objection(terms("ports=rubbish,-,9-"))).isPresent();
    }

    @Test
    void whatAGatewayHasToSayIsUnderstoodAtTheOtherEnd() {
        Terms terms = Terms.of(
                Recording.CONNECTIONS,
                Optional.of(Duration.ofDays(7)),
                OptionalLong.of(5000),
                Optional.of("443"),
                Optional.of("none"));

        assertThat(terms).hasToString("recording=connections retention=7d rate=5000 ports=443 listen=none");
        assertThat(terms.recording()).isEqualTo(Recording.CONNECTIONS);
        assertThat(terms.retention()).contains(Duration.ofDays(7));
        assertThat(terms.rate()).hasValue(5000);
        assertThat(terms.isOpen(443)).isTrue();
        assertThat(terms.isOpen(80)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "86400, 1d",
        "90000, 25h",
        "5400, 90m",
        "61, 61s",
        "0, 0",
        "unlimited, unlimited",
        "99999999999999999999, 99999999999999999999"
    })
    void howLongThingsAreKeptIsShownAsTheSettingsSayIt(String said, String shown) {
        assertThat(terms("retention=" + said)).hasToString("retention=" + shown);
    }

    @Test
    void whatAGatewaySaysDoesNothingToATerminal() {
        assertThat(terms("recording=none", "note=\u001b[2J\u202e\nok")).hasToString("recording=none note=?[2J??ok");
    }

    @Test
    void peopleMayWriteNo() {
        assertThat(Recording.parse("no")).isEqualTo(Recording.NONE);
        assertThatThrownBy(() -> Recording.parse("some")).hasMessageContaining("none of none, connections, content");
    }

    private static Terms terms(String... words) {
        return new Terms(List.of(words));
    }
}
