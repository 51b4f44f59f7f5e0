package holdfast.protocol;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** The unguessable name of a session: 16 random bytes chosen by the gateway. Equality takes the same time wherever two ids differ. */
public final class SessionId {
    /** Length on the wire, in bytes. */
    public static final int LENGTH = 16;

    private final byte[] bytes;

    private SessionId(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The id with these bytes, which are copied.
     *
     * @throws IllegalArgumentException unless there are 16 of them
     */
    public static SessionId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a session id has 16 bytes, not " + bytes.length);
        }
        return new SessionId(bytes.clone());
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The first four bytes in hex: enough to find a session in a log, too little to join it. */
    public String brief() {
        return HexFormat.of().formatHex(bytes, 0, 4);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionId that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The brief form: a whole id is a secret and does not belong in a log. */
    @Override
    public String toString() {
        return brief();
    }
}
