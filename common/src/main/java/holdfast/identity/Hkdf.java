package holdfast.identity;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869), for outputs of one hash. */
final class Hkdf {
    /** What comes out, in bytes. */
    static final int LENGTH = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private Hkdf() {}

    /** A key from something that is secret but not evenly random (section 2.2). */
    static byte[] extract(byte[] salt, byte[] secret) {
        return hmac(salt, secret);
    }

    /** The first 32 bytes for a purpose (section 2.3): with one block, T(1). */
    static byte[] expand(byte[] key, byte[] purpose) {
        byte[] block = new byte[purpose.length + 1];
        System.arraycopy(purpose, 0, block, 0, purpose.length);
        block[purpose.length] = 1;
        return hmac(key, block);
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(message);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
