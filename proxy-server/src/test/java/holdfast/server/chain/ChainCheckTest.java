package holdfast.server.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import holdfast.identity.Chain;
import holdfast.identity.Identity;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who says through which relays a connection comes has to prove it. */
final class ChainCheckTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-11-25T16:00:00Z");
    private static final String OWN = "gw.example:7443";

    private final Identity first = Identity.create("first", RANDOM);
    private final Identity second = Identity.create("second", RANDOM);
    private ChainSettings settings = new ChainSettings(List.of(), Set.of(first.pin(), second.pin()));
    private final ChainCheck check = new ChainCheck(() -> settings, () -> List.of("192.0.2.1:7443", OWN));

    private static byte[] body(Chain chain) {
        byte[] bytes = chain.toBytes();
        return Arrays.copyOfRange(bytes, Chain.HEAD_BYTES, bytes.length);
    }

    private Chain throughBoth(Instant firstSigned, Instant secondSigned) {
        return Chain.NONE.through(first, "relay2:7443", firstSigned, RANDOM).through(second, OWN, secondSigned, RANDOM);
    }

    private void assertRefused(Chain chain, String why) {
        assertThatExceptionOfType(ChainCheck.RefusedException.class)
                .isThrownBy(() -> check.judge(body(chain), NOW))
                .withMessageContaining(why);
    }

    @Test
    void aChainOfListedRelaysIsAccepted() throws Exception {
        assertThat(check.judge(body(throughBoth(NOW, NOW)), NOW).relays()).containsExactly(first.pin(), second.pin());
        assertThat(check.judge(new byte[0], NOW)).isSameAs(Chain.NONE);
    }

    @Test
    void whatTheFirstRelaySignedLastsAsLongAsItsSessionWithTheSecond() throws Exception {
        Chain old = throughBoth(NOW.minusSeconds(90_000), NOW);

        assertThat(check.judge(body(old), NOW).links()).hasSize(2);
    }

    @Test
    void aRelayThatIsNotListedIsRefusedByName() {
        settings = new ChainSettings(List.of(), Set.of(second.pin()));

        assertRefused(throughBoth(NOW, NOW), first.pin().toString());
    }

    @Test
    void aGatewayThatListsNoRelayIsNotReachedThroughAny() {
        settings = ChainSettings.NONE;

        assertRefused(throughBoth(NOW, NOW), "accept-from");
    }

    @Test
    void anOldWordOfTheLastRelayIsRefused() {
        assertRefused(throughBoth(NOW, NOW.minusSeconds(61)), "not of this minute");
    }

    @Test
    void aWordCountsOnce() throws Exception {
        Chain chain = throughBoth(NOW, NOW);
        check.judge(body(chain), NOW);

        assertRefused(chain, "used before");
    }

    @Test
    void aWordAboutAnotherGatewayIsRefused() {
        assertRefused(Chain.NONE.through(first, "other.example:7443", NOW, RANDOM), "no address of this gateway");
    }

    @Test
    void aChangedByteIsRefused() {
        byte[] body = body(throughBoth(NOW, NOW));
        body[body.length / 2] ^= 1;

        assertThatExceptionOfType(ChainCheck.RefusedException.class).isThrownBy(() -> check.judge(body, NOW));
    }

    @Test
    void aRelayThatIsTakenOffTheListIsNotAcceptedAnyMore() throws Exception {
        Chain chain = check.judge(body(throughBoth(NOW, NOW)), NOW);
        assertThat(check.isStillAccepted(chain)).isTrue();

        settings = new ChainSettings(List.of(), Set.of(second.pin()));

        assertThat(check.isStillAccepted(chain)).isFalse();
        assertThat(check.isStillAccepted(Chain.NONE)).isTrue();
    }
}
