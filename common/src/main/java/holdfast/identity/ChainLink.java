package holdfast.identity;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A relay's signed word that a connection comes through it (PROTOCOL.md section 2.7).
 *
 * <p>It says who the relay is, which address it dialed, and when; it covers the links before it, so that none can be left out or exchanged.
 */
public final class ChainLink {
    /** A link is believed for so long, before and after; clocks differ. */
    public static final Duration FRESH = Duration.ofSeconds(60);

    static final int NONCE_BYTES = 16;
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final byte[] CONTEXT = "holdfast/1 chain".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_KEY_BYTES = 128;
    private static final int MAX_SIGNATURE_BYTES = 80;
    private static final int KEY_BYTES = 91;

    /** How a SubjectPublicKeyInfo of P-256 with an uncompressed point begins (RFC 5480). */
    private static final String KEY_PREFIX = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";

    private final byte[] key;
    private final String next;
    private final Instant time;
    private final byte[] nonce;
    private final byte[] signature;

    private ChainLink(byte[] key, String next, Instant time, byte[] nonce, byte[] signature) {
        this.key = key;
        this.next = next;
        this.time = time;
        this.nonce = nonce;
        this.signature = signature;
    }

    /**
     * Signs a link.
     *
     * @param next the address the relay dials, HOST:PORT, at most 255 bytes
     * @param before the bytes of the links before this one
     */
    static ChainLink sign(Identity relay, String next, Instant time, byte[] before, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Signature signer = Signature.getInstance(SIGNATURE);
            signer.initSign(relay.privateKey(), random);
            signer.update(signed(next, time, nonce, before));
            return new ChainLink(relay.certificate().getPublicKey().getEncoded(), next, time, nonce, signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot sign with an EC key", e);
        }
    }

    /** The relay's key. */
    public Pin relay() {
        return Pin.of(key);
    }

    /** The address the relay dialed, as it was asked to. */
    public String next() {
        return next;
    }

    /** Distinguishes this link from every other one, in hex. */
    public String nonce() {
        return HexFormat.of().formatHex(nonce);
    }

    public boolean isFreshAt(Instant now) {
        return Duration.between(time, now).abs().compareTo(FRESH) <= 0;
    }

    /** Whether the relay's key has signed this, behind exactly these links. */
    boolean isSignedBehind(byte[] before) {
        try {
            // Another spelling of the same key would be another pin.
            if (key.length != KEY_BYTES || !HexFormat.of().formatHex(key).startsWith(KEY_PREFIX)) {
                return false;
            }
            PublicKey verified = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key));
            Signature verifier = Signature.getInstance(SIGNATURE);
            verifier.initVerify(verified);
            verifier.update(signed(next, time, nonce, before));
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    void write(DataOutputStream out) throws IOException {
        out.writeByte(key.length);
        out.write(key);
        byte[] text = next.getBytes(StandardCharsets.UTF_8);
        out.writeByte(text.length);
        out.write(text);
        out.writeLong(time.getEpochSecond());
        out.write(nonce);
        out.writeByte(signature.length);
        out.write(signature);
    }

    /** @throws IOException where these bytes are no link */
    static ChainLink read(DataInputStream in) throws IOException {
        byte[] key = block(in, MAX_KEY_BYTES);
        String next = new String(block(in, 255), StandardCharsets.UTF_8);
        long seconds = in.readLong();
        if (seconds < 0 || seconds > Instant.MAX.getEpochSecond()) {
            throw new IOException("a link is dated " + seconds + " seconds after 1970");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        in.readFully(nonce);
        return new ChainLink(key, next, Instant.ofEpochSecond(seconds), nonce, block(in, MAX_SIGNATURE_BYTES));
    }

    private static byte[] block(DataInputStream in, int most) throws IOException {
        int length = in.readUnsignedByte();
        if (length == 0 || length > most) {
            throw new IOException("a field of a link has " + length + " bytes, 1 to " + most + " are possible");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static byte[] signed(String next, Instant time, byte[] nonce, byte[] before) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(CONTEXT);
            out.writeShort(before.length);
            out.write(before);
            byte[] text = next.getBytes(StandardCharsets.UTF_8);
            out.writeByte(text.length);
            out.write(text);
            out.writeLong(time.getEpochSecond());
            out.write(nonce);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    static DataInputStream reader(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }
}
