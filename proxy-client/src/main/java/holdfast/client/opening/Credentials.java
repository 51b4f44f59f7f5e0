package holdfast.client.opening;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The user and password that programs must show. Only a digest is kept; comparing takes the same time wherever, and however long, a guess differs. */
public final class Credentials {
    private final byte[] digest;

    /**
     * These credentials.
     *
     * @throws IllegalArgumentException unless each has 1 to 255 bytes of UTF-8, which is what RFC 1929 can carry, and the user has no colon
     */
    public Credentials(String user, String password) {
        this.digest = digest(checked("user", user), checked("password", password));
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "a user name with a colon cannot be given to an HTTP proxy (RFC 7617 section 2)");
        }
    }

    /** Whether these are the user and the password, in bytes of UTF-8. */
    public boolean match(byte[] user, byte[] password) {
        return MessageDigest.isEqual(digest, digest(user, password));
    }

    private static byte[] checked(String what, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < 1 || bytes.length > 255) {
            throw new IllegalArgumentException(
                    "a " + what + " of " + bytes.length + " bytes: 1 to 255 are possible (RFC 1929)");
        }
        return bytes;
    }

    private static byte[] digest(byte[] user, byte[] password) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((byte) user.length); // so that no part of one can pass for a part of the other
            sha256.update(user);
            return sha256.digest(password);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
