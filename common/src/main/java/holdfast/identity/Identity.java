package holdfast.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * What an end is known by: an EC key on P-256, in a certificate it signed itself.
 *
 * <p>Only the key counts. The certificate is the container TLS wants: its name says which program made it, its validity is as long as X.509
 * can write. P-256 because it works with every TLS engine used here; Ed25519 certificates do not.
 */
public final class Identity {
    private static final String CURVE = "secp256r1";
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final String KEY_LABEL = "PRIVATE KEY";
    private static final String CERTIFICATE_LABEL = "CERTIFICATE";
    private static final int FILE_LIMIT = 65_536;
    private static final Instant NOT_BEFORE = Instant.parse("2000-01-01T00:00:00Z");
    // "No well-defined expiration date", RFC 5280 section 4.1.2.5.
    private static final Instant NOT_AFTER = Instant.parse("9999-12-31T23:59:59Z");

    private final PrivateKey privateKey;
    private final X509Certificate certificate;
    private final Pin pin;

    private Identity(PrivateKey privateKey, X509Certificate certificate) {
        this.privateKey = privateKey;
        this.certificate = certificate;
        this.pin = Pin.of(certificate);
    }

    /**
     * A new key and its certificate.
     *
     * @param commonName for people who look at it, for example {@code holdfast client}
     */
    public static Identity create(String commonName, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE), random);
            KeyPair pair = generator.generateKeyPair();
            return new Identity(pair.getPrivate(), certify(commonName, pair, random));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("this JDK cannot make an EC key on P-256", e);
        }
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws UnsafeFileException if others may read it
     * @throws IOException that names the file and what is wrong with it
     */
    public static Identity load(Path file) throws IOException {
        String text = PrivateFiles.read(file, FILE_LIMIT);
        try {
            List<Pem> blocks = Pem.parse(text);
            PrivateKey key = KeyFactory.getInstance("EC")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(only(blocks, KEY_LABEL).content()));
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(
                            only(blocks, CERTIFICATE_LABEL).content()));
            requirePair(key, certificate);
            return new Identity(key, certificate);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " is not a usable key file: " + e.getMessage(), e);
        }
    }

    /** Writes key and certificate as one PEM file, mode 0600, in one step. */
    public void save(Path file) throws IOException {
        try {
            String text = new Pem(KEY_LABEL, privateKey.getEncoded()).text()
                    + new Pem(CERTIFICATE_LABEL, certificate.getEncoded()).text();
            PrivateFiles.write(file, text);
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be encoded: " + e.getMessage(), e);
        }
    }

    public PrivateKey privateKey() {
        return privateKey;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public Pin pin() {
        return pin;
    }

    /** The pin: the key itself is a secret. */
    @Override
    public String toString() {
        return "Identity[" + pin + "]";
    }

    private static X509Certificate certify(String commonName, KeyPair pair, SecureRandom random)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        X500Name name = new X500Name("CN=" + commonName);
        // Positive and at most 20 bytes, RFC 5280 section 4.1.2.2.
        BigInteger serial = new BigInteger(127, random).add(BigInteger.ONE);
        byte[] encoded = new JcaX509v3CertificateBuilder(
                        name, serial, Date.from(NOT_BEFORE), Date.from(NOT_AFTER), name, pair.getPublic())
                .build(new JcaContentSignerBuilder(SIGNATURE)
                        .setSecureRandom(random)
                        .build(pair.getPrivate()))
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    private static Pem only(List<Pem> blocks, String label) {
        List<Pem> found =
                blocks.stream().filter(each -> each.label().equals(label)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException("it holds " + found.size() + " blocks " + label + ", one is expected");
        }
        return found.get(0);
    }

    /** A key file put together by hand from two halves would fail only in the handshake, where nobody can tell why. */
    private static void requirePair(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        if (!(key instanceof ECPrivateKey ec) || ec.getParams().getOrder().bitLength() != 256) {
            throw new IllegalArgumentException("its key is not an EC key on P-256");
        }
        byte[] probe = {'h', 'o', 'l', 'd'};
        Signature signer = Signature.getInstance(SIGNATURE);
        signer.initSign(key);
        signer.update(probe);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(SIGNATURE);
        verifier.initVerify(certificate.getPublicKey());
        verifier.update(probe);
        if (!verifier.verify(signature)) {
            throw new IllegalArgumentException("its certificate belongs to another key");
        }
    }
}
