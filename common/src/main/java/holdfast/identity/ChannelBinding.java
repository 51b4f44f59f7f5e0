package holdfast.identity;

import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A value that exactly two know: the program at one end of a stream and the destination at the other (PROTOCOL.md section 5.7). A program that mixes it into
 * its login proves that nobody stands between, and that the login is for this stream. A secret: it does not belong in logs.
 */
public final class ChannelBinding {
    /** Length of every value, in bytes. */
    public static final int LENGTH = Hkdf.LENGTH;

    /** The longest label, in bytes of UTF-8. */
    public static final int MAX_LABEL = 255;

    private static final byte[] SALT = ascii("holdfast/1 session");
    private static final byte[] PURPOSE = ascii("holdfast/1 binding");
    private static final byte[] LABEL = ascii("holdfast/1 label");

    private final byte[] value;

    private ChannelBinding(byte[] value) {
        this.value = value;
    }

    /** What the two ends of a session have in common, and nobody else: what each has contributed, and the keys that TLS has proved to the other. */
    public record Ends(
            SessionId session, SessionRandom clientRandom, SessionRandom gatewayRandom, Pin client, Pin gateway) {}

    /**
     * The value of a stream.
     *
     * @param destination what its OPEN names, as it stands there
     */
    public static ChannelBinding of(Ends ends, long stream, byte[] destination) {
        byte[] secret = ByteBuffer.allocate(2 * SessionRandom.LENGTH)
                .put(ends.clientRandom().toBytes())
                .put(ends.gatewayRandom().toBytes())
                .array();
        // Both keys are in it: who stands between with keys of their own could pass on everything else.
        byte[] purpose = ByteBuffer.allocate(
                        PURPOSE.length + 2 * Pin.LENGTH + SessionId.LENGTH + Long.BYTES + destination.length)
                .put(PURPOSE)
                .put(ends.client().toBytes())
                .put(ends.gateway().toBytes())
                .put(ends.session().toBytes())
                .putLong(stream)
                .put(destination)
                .array();
        return new ChannelBinding(Hkdf.expand(Hkdf.extract(SALT, secret), purpose));
    }

    public byte[] toBytes() {
        return value.clone();
    }

    /**
     * A value for one use among several that a program has for its stream; who has this one learns nothing of the others.
     *
     * @throws IllegalArgumentException for a label of no bytes or of more than 255
     */
    public ChannelBinding labelled(String label) {
        byte[] text = label.getBytes(StandardCharsets.UTF_8);
        if (text.length == 0 || text.length > MAX_LABEL) {
            throw new IllegalArgumentException("a label has 1 to " + MAX_LABEL + " bytes, this one has " + text.length);
        }
        byte[] purpose = ByteBuffer.allocate(LABEL.length + text.length)
                .put(LABEL)
                .put(text)
                .array();
        return new ChannelBinding(Hkdf.expand(value, purpose));
    }

    /** Says nothing: the value is a secret. */
    @Override
    public String toString() {
        return "ChannelBinding";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
