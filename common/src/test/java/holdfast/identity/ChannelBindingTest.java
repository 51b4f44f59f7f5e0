package holdfast.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class ChannelBindingTest {
    private static final SessionId SESSION = SessionId.of(bytes("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"));
    private static final SessionRandom CLIENT_RANDOM =
            SessionRandom.of(bytes("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
    private static final SessionRandom GATEWAY_RANDOM =
            SessionRandom.of(bytes("404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"));

    /** 32 bytes 11, and 32 bytes 22. */
    private static final Pin CLIENT = Pin.parse("ERERERERERERERERERERERERERERERERERERERERERE");

    private static final Pin GATEWAY = Pin.parse("IiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiI");

    private static final ChannelBinding.Ends ENDS =
            new ChannelBinding.Ends(SESSION, CLIENT_RANDOM, GATEWAY_RANDOM, CLIENT, GATEWAY);

    /** A name of 11 bytes, example.com, port 443. */
    private static final byte[] DESTINATION = bytes("030b6578616d706c652e636f6d01bb");

    /** Computed with another implementation of HMAC from what PROTOCOL.md says. */
    private static final String VALUE = "4fffa90c4c5ef060589319ca4d48712bd10776375b355db27c8d46d1665fb8f0";

    private static final String IMAP = "42b239d47e6940e27b7f05186d7a0679364547b84b2f8ba9339d343f6c005a0d";

    @Test
    void theValueIsThatOfTheDocument() {
        assertThat(hex(ChannelBinding.of(ENDS, 6, DESTINATION))).isEqualTo(VALUE);
        assertThat(hex(ChannelBinding.of(ENDS, 6, DESTINATION).labelled("imap")))
                .isEqualTo(IMAP);
    }

    @Test
    void everythingItIsMadeOfMakesAnotherValue() {
        byte[] otherPort = DESTINATION.clone();
        otherPort[otherPort.length - 1]++;

        assertThat(new String[] {
                    VALUE,
                    hex(ChannelBinding.of(ENDS, 8, DESTINATION)),
                    hex(ChannelBinding.of(ENDS, 6, otherPort)),
                    hex(ChannelBinding.of(
                            ends(SESSION, GATEWAY_RANDOM, GATEWAY_RANDOM, CLIENT, GATEWAY), 6, DESTINATION)),
                    hex(ChannelBinding.of(
                            ends(SESSION, CLIENT_RANDOM, CLIENT_RANDOM, CLIENT, GATEWAY), 6, DESTINATION)),
                    hex(ChannelBinding.of(
                            ends(SESSION, CLIENT_RANDOM, GATEWAY_RANDOM, GATEWAY, GATEWAY), 6, DESTINATION)),
                    hex(ChannelBinding.of(
                            ends(SESSION, CLIENT_RANDOM, GATEWAY_RANDOM, CLIENT, CLIENT), 6, DESTINATION)),
                    hex(ChannelBinding.of(
                            ends(
                                    SessionId.of(new byte[SessionId.LENGTH]),
                                    CLIENT_RANDOM,
                                    GATEWAY_RANDOM,
                                    CLIENT,
                                    GATEWAY),
                            6,
                            DESTINATION))
                })
                .doesNotHaveDuplicates();
    }

    @Test
    void aLabelHasOneTo255Bytes() {
        ChannelBinding binding = ChannelBinding.of(ENDS, 6, DESTINATION);

        assertThat(binding.labelled("l".repeat(255))).isNotNull();
        assertThatThrownBy(() -> binding.labelled("l".repeat(256))).hasMessageContaining("256");
        assertThatThrownBy(() -> binding.labelled("")).hasMessageContaining("has 0");
    }

    @Test
    void itIsNotPrinted() {
        assertThat(ChannelBinding.of(ENDS, 6, DESTINATION)).hasToString("ChannelBinding");
    }

    private static ChannelBinding.Ends ends(
            SessionId session, SessionRandom clientRandom, SessionRandom gatewayRandom, Pin client, Pin gateway) {
        return new ChannelBinding.Ends(session, clientRandom, gatewayRandom, client, gateway);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(ChannelBinding binding) {
        return HexFormat.of().formatHex(binding.toBytes());
    }
}
