package holdfast.transport;

import holdfast.identity.Pin;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Reads the key out of the certificate a peer showed. Only the key counts: a P-256 point, in one self-made certificate of a sane size. Names,
 * dates, extensions and signatures of the certificate are not looked at, no chain is built, nothing is fetched. That the peer owns the key is
 * proved by TLS itself.
 */
final class PeerKeys {
    /** Ours have less than 400 bytes. */
    static final int MAX_CERTIFICATE_BYTES = 4_096;

    /** What stands before the coordinates in the SubjectPublicKeyInfo of every uncompressed P-256 key (RFC 5480). */
    private static final byte[] P256_PREFIX =
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    private static final int COORDINATE_BYTES = 32;

    // FIPS 186-4, D.1.2.3: y^2 = x^3 - 3x + b over the field of p.
    private static final BigInteger P =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
    private static final BigInteger B =
            new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
    private static final BigInteger THREE = BigInteger.valueOf(3);

    private PeerKeys() {}

    /**
     * The pin of the only certificate's key.
     *
     * @throws CertificateException that says what is not as it has to be
     */
    static Pin requireP256(X509Certificate[] chain) throws CertificateException {
        if (chain.length != 1) {
            throw new CertificateException("the peer showed " + chain.length + " certificates: one is expected");
        }
        int size = chain[0].getEncoded().length;
        if (size > MAX_CERTIFICATE_BYTES) {
            throw new CertificateException(
                    "the peer's certificate has " + size + " bytes: at most " + MAX_CERTIFICATE_BYTES + " are allowed");
        }
        byte[] key = chain[0].getPublicKey().getEncoded();
        if (!isP256(key)) {
            throw new CertificateException(
                    "the peer's key (" + chain[0].getPublicKey().getAlgorithm() + ") is not an EC key on P-256");
        }
        return Pin.of(key);
    }

    static boolean isP256(byte[] key) {
        int start = P256_PREFIX.length;
        return key.length == start + 2 * COORDINATE_BYTES
                && Arrays.equals(key, 0, start, P256_PREFIX, 0, start)
                && isOnCurve(
                        new BigInteger(1, key, start, COORDINATE_BYTES),
                        new BigInteger(1, key, start + COORDINATE_BYTES, COORDINATE_BYTES));
    }

    /** A point beside the curve makes some signature checks meaningless; not every engine looks. */
    private static boolean isOnCurve(BigInteger x, BigInteger y) {
        return x.compareTo(P) < 0
                && y.compareTo(P) < 0
                && y.multiply(y)
                        .mod(P)
                        .equals(x.multiply(x)
                                .multiply(x)
                                .subtract(x.multiply(THREE))
                                .add(B)
                                .mod(P));
    }
}
