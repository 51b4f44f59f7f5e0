package holdfast.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Security;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdentityTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path folder;

    @Test
    void aNewIdentityHasAP256KeyInACertificateItSignedItself() throws GeneralSecurityException {
        Identity identity = Identity.create("holdfast gateway", RANDOM);

        ECPublicKey key = (ECPublicKey) identity.certificate().getPublicKey();
        assertThat(key.getParams().toString()).contains("secp256r1");
        assertThat(identity.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=holdfast gateway");
        assertThat(identity.certificate().getSerialNumber()).isPositive();
        identity.certificate().verify(key);
    }

    @Test
    void theCertificateIsValidWhateverTheClockSays() throws GeneralSecurityException {
        Identity identity = Identity.create("holdfast client", RANDOM);

        identity.certificate().checkValidity(Date.from(Instant.parse("2001-01-01T00:00:00Z")));
        identity.certificate().checkValidity(Date.from(Instant.parse("2999-01-01T00:00:00Z")));
    }

    @Test
    void noSecurityProviderIsRegistered() {
        Identity.create("holdfast client", RANDOM);

        assertThat(Security.getProvider("BC")).isNull();
    }

    @Test
    void whatWasSavedIsLoadedAgain() throws IOException {
        Identity identity = Identity.create("holdfast client", RANDOM);
        Path file = folder.resolve("client.key");

        identity.save(file);
        Identity loaded = Identity.load(file);

        assertThat(loaded.pin()).isEqualTo(identity.pin());
        assertThat(loaded.privateKey()).isEqualTo(identity.privateKey());
        assertThat(loaded.certificate()).isEqualTo(identity.certificate());
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void twoIdentitiesHaveDifferentPins() {
        assertThat(Identity.create("a", RANDOM).pin())
                .isNotEqualTo(Identity.create("a", RANDOM).pin());
    }

    @Test
    void aKeyFileOpenToOthersIsRefused() throws IOException {
        Path file = saved();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> Identity.load(file))
                .isInstanceOf(UnsafeFileException.class)
                .hasMessageContaining("(mode 0640)");
    }

    @Test
    void aMissingKeyFileIsSaidToBeMissing() {
        assertThatThrownBy(() -> Identity.load(folder.resolve("none.key"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aKeyWithTheCertificateOfAnotherKeyIsRefused() throws IOException {
        Path file = saved();
        String other = Files.readString(saved());
        Identity.create("holdfast client", RANDOM).save(file);
        String mine = Files.readString(file);
        int certificate = mine.indexOf("-----BEGIN CERTIFICATE");
        PrivateFiles.write(
                file, mine.substring(0, certificate) + other.substring(other.indexOf("-----BEGIN CERTIFICATE")));

        assertThatThrownBy(() -> Identity.load(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("its certificate belongs to another key");
    }

    @Test
    void aKeyFileWithoutCertificateOrKeyIsRefused() throws IOException {
        Path file = saved();
        String text = Files.readString(file);
        int certificate = text.indexOf("-----BEGIN CERTIFICATE");

        PrivateFiles.write(file, text.substring(0, certificate));
        assertThatThrownBy(() -> Identity.load(file)).hasMessageContaining("it holds 0 blocks CERTIFICATE");

        PrivateFiles.write(file, text.substring(certificate));
        assertThatThrownBy(() -> Identity.load(file)).hasMessageContaining("it holds 0 blocks PRIVATE KEY");
    }

    @Test
    void aKeyFileCutAtAnyLengthIsRefusedWithItsName() throws IOException {
        Path file = saved();
        String text = Files.readString(file);

        for (int length = 0; length < text.length() - 1; length += 7) {
            PrivateFiles.write(file, text.substring(0, length));
            assertThatThrownBy(() -> Identity.load(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file + " is not a usable key file");
        }
    }

    @Test
    void aKeyFileWithCommentsAndWindowsLineEndsIsRead() throws IOException {
        Path file = saved();
        String text = Files.readString(file);

        PrivateFiles.write(file, "key of alice\r\n" + text.replace("\n", "\r\n"));

        assertThat(Identity.load(file).certificate().getSubjectX500Principal().getName())
                .isEqualTo("CN=holdfast client");
    }

    @Test
    void theTextOfAnIdentityDoesNotShowItsKey() {
        Identity identity = Identity.create("holdfast client", RANDOM);

        assertThat(identity).hasToString("Identity[" + identity.pin() + "]");
    }

    private Path saved() throws IOException {
        Path file = folder.resolve("client.key");
        Identity.create("holdfast client", RANDOM).save(file);
        return file;
    }
}
