package holdfast.transport;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates that no honest program would show. */
final class TestCertificates {
    private static final X500Name ISSUER = new X500Name("CN=hostile issuer");

    private TestCertificates() {}

    static KeyPair rsa() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    static KeyPair ec(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    /** @param padding bytes of ballast in an extension */
    static X509Certificate of(KeyPair pair, int padding) throws Exception {
        JcaX509v3CertificateBuilder builder = builder(ISSUER, ISSUER, pair);
        if (padding > 0) {
            builder.addExtension(
                    Extension.subjectInfoAccess.branch("9"), false, new DERUTF8String("x".repeat(padding)));
        }
        return sign(builder, pair);
    }

    static X509Certificate issued(KeyPair pair, KeyPair issuer) throws Exception {
        return sign(builder(ISSUER, new X500Name("CN=hostile"), pair), issuer);
    }

    private static JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair pair) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.ONE,
                Date.from(Instant.parse("2000-01-01T00:00:00Z")),
                Date.from(Instant.parse("2001-01-01T00:00:00Z")),
                subject,
                pair.getPublic());
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair issuer) throws Exception {
        String algorithm = issuer.getPublic().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        byte[] encoded = builder.build(new JcaContentSignerBuilder(algorithm).build(issuer.getPrivate()))
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }
}
