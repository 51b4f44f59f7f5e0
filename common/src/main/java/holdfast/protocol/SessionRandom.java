package holdfast.protocol;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * One end's contribution to a session: 32 random bytes, exchanged inside TLS by HELLO and HELLO_OK. The client's also names the session until the
 * gateway's id is known, so it is a secret.
 */
public final class SessionRandom {
    /** Length on the wire, in bytes. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private SessionRandom(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * These bytes, which are copied.
     *
     * @throws IllegalArgumentException unless there are 32 of them
     */
    public static SessionRandom of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a session's random has 32 bytes, not " + bytes.length);
        }
        return new SessionRandom(bytes.clone());
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionRandom that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Says nothing: the bytes are a secret. */
    @Override
    public String toString() {
        return "SessionRandom";
    }
}
