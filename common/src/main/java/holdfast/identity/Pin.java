package holdfast.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;

/**
 * The name of a key: the SHA-256 of its SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), written as base64url without padding, 43 characters.
 *
 * <p>Equality takes the same time wherever two pins differ.
 */
public final class Pin {
    /** Length of the text form, in characters. */
    public static final int TEXT_LENGTH = 43;

    /** Length of the hash, in bytes. */
    public static final int LENGTH = 32;

    private final byte[] hash;

    private Pin(byte[] hash) {
        this.hash = hash;
    }

    /** The pin of the certificate's key; nothing else of the certificate counts. */
    public static Pin of(X509Certificate certificate) {
        return of(certificate.getPublicKey().getEncoded());
    }

    /**
     * The pin of a key.
     *
     * @param subjectPublicKeyInfo the key's DER form, borrowed
     */
    public static Pin of(byte[] subjectPublicKeyInfo) {
        try {
            return new Pin(MessageDigest.getInstance("SHA-256").digest(subjectPublicKeyInfo));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static Pin parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            throw new IllegalArgumentException("a pin has " + TEXT_LENGTH + " characters, this one has " + text.length()
                    + ": '" + cut(text) + "'");
        }
        byte[] hash;
        try {
            hash = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a pin has only A-Z a-z 0-9 - and _: '" + text + "'", e);
        }
        Pin pin = new Pin(hash);
        // 43 characters are 258 bits: two of them have to be zero, or one key would have several names.
        if (hash.length != LENGTH || !pin.toString().equals(text)) {
            throw new IllegalArgumentException("no key has the pin '" + text + "': its last character is damaged");
        }
        return pin;
    }

    /** The hash. */
    public byte[] toBytes() {
        return hash.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pin that && MessageDigest.isEqual(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    private static String cut(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
