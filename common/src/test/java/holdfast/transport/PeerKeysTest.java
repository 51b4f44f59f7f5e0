package holdfast.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.identity.Identity;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What counts as a peer's key. */
final class PeerKeysTest {
    private static final Identity OWN = Identity.create("own", new SecureRandom());

    @Test
    void aKeyOnP256IsNamedByItsPin() throws Exception {
        assertThat(PeerKeys.requireP256(new X509Certificate[] {OWN.certificate()}))
                .isEqualTo(OWN.pin());
    }

    @Test
    void exactlyOneCertificateIsTaken() {
        X509Certificate one = OWN.certificate();

        assertThatThrownBy(() -> PeerKeys.requireP256(new X509Certificate[0]))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("0 certificates");
        assertThatThrownBy(() -> PeerKeys.requireP256(new X509Certificate[] {one, one}))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("2 certificates");
    }

    @Test
    void everyPointBesideTheCurveIsRefused() {
        byte[] key = OWN.certificate().getPublicKey().getEncoded();
        assertThat(PeerKeys.isP256(key)).isTrue();

        for (int at = 0; at < key.length; at++) {
            byte[] damaged = key.clone();
            damaged[at] ^= 1;
            assertThat(PeerKeys.isP256(damaged)).as("byte %d", at).isFalse();
        }
        assertThat(PeerKeys.isP256(Arrays.copyOf(key, key.length - 1))).isFalse();
        assertThat(PeerKeys.isP256(Arrays.copyOf(key, key.length + 1))).isFalse();
    }
}
