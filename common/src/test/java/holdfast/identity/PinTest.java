package holdfast.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PinTest {
    // SHA-256 of the three bytes "abc", FIPS 180-4's own example.
    private static final Pin ABC = Pin.of("abc".getBytes(StandardCharsets.US_ASCII));
    private static final String ABC_TEXT = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";

    @Test
    void aPinIsTheSha256InBase64Url() {
        assertThat(ABC).hasToString(ABC_TEXT);
        assertThat(Pin.parse(ABC_TEXT)).isEqualTo(ABC).hasSameHashCodeAs(ABC);
    }

    @Test
    void thePinOfACertificateIsThatOfItsKey() {
        Identity identity = Identity.create("holdfast client", new SecureRandom());

        assertThat(Pin.of(identity.certificate())).isEqualTo(identity.pin());
        assertThat(Pin.of(identity.certificate().getPublicKey().getEncoded())).isEqualTo(identity.pin());
    }

    @Test
    void differentKeysHaveDifferentPins() {
        assertThat(Pin.of(new byte[] {1})).isNotEqualTo(Pin.of(new byte[] {2}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", ABC_TEXT + "=", ABC_TEXT + "A", " " + ABC_TEXT})
    void aPinOfTheWrongLengthIsRefusedWithItsLength(String text) {
        assertThatThrownBy(() -> Pin.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a pin has 43 characters, this one has " + text.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "/", "=", " ", "é", "\n"})
    void aPinWithAForeignCharacterIsRefused(String character) {
        assertThatThrownBy(() -> Pin.parse(character + ABC_TEXT.substring(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a pin has only A-Z a-z 0-9 - and _");
    }

    @Test
    void aSecondSpellingOfTheSameBytesIsRefused() {
        assertThatThrownBy(() -> Pin.parse(ABC_TEXT.substring(0, 42) + "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("last character is damaged");
    }
}
