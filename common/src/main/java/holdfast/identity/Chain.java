package holdfast.identity;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The relays a connection has come through, nearest to the client first, each with its signature. It travels in front of the TLS handshake
 * (PROTOCOL.md section 2.7): magic, the length of what follows, the number of links, the links.
 */
public final class Chain {
    /** A longer one is a loop or somebody's joke. */
    public static final int MAX_LINKS = 4;

    /** The first byte of a connection that says its chain; TLS starts with 0x16. */
    public static final byte FIRST_BYTE = 'H';

    /** Bytes before the body: magic and length. */
    public static final int HEAD_BYTES = 6;

    public static final int MAX_BODY_BYTES = 2_048;

    /** Of a connection that comes from its client directly. */
    public static final Chain NONE = new Chain(List.of());

    private static final byte[] MAGIC = "HFC1".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_NEXT_BYTES = 255;

    private final List<ChainLink> links;

    private Chain(List<ChainLink> links) {
        this.links = List.copyOf(links);
    }

    public List<ChainLink> links() {
        return links;
    }

    public boolean isEmpty() {
        return links.isEmpty();
    }

    /** The relays' keys, nearest to the client first. */
    public List<Pin> relays() {
        return links.stream().map(ChainLink::relay).toList();
    }

    /**
     * This chain, with one more relay.
     *
     * @param next where that relay is about to connect, HOST:PORT
     * @throws IllegalStateException where the relay is in it already, or it is too long
     */
    public Chain through(Identity relay, String next, Instant now, SecureRandom random) {
        if (links.size() == MAX_LINKS) {
            throw new IllegalStateException("a chain has at most " + MAX_LINKS + " relays");
        }
        if (relays().contains(relay.pin())) {
            throw new IllegalStateException("the chain leads through this gateway already: it would be a loop");
        }
        if (next.getBytes(StandardCharsets.UTF_8).length > MAX_NEXT_BYTES) {
            throw new IllegalStateException("the next address has more than " + MAX_NEXT_BYTES + " bytes");
        }
        List<ChainLink> longer = new ArrayList<>(links);
        longer.add(ChainLink.sign(relay, next, now, bytesOf(links), random));
        return new Chain(longer);
    }

    /** What a connection starts with. */
    public byte[] toBytes() {
        byte[] body = bytesOf(links);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(MAGIC);
            out.writeShort(body.length + 1);
            out.writeByte(links.size());
            out.write(body);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /**
     * The length of the body that a head announces.
     *
     * @param head {@link #HEAD_BYTES} bytes
     * @throws IOException where this is no head
     */
    public static int bodyLength(byte[] head) throws IOException {
        for (int i = 0; i < MAGIC.length; i++) {
            if (head[i] != MAGIC[i]) {
                throw new IOException("a connection starts neither with TLS nor with a chain");
            }
        }
        int length = (head[4] & 0xff) << 8 | (head[5] & 0xff);
        if (length == 0 || length > MAX_BODY_BYTES) {
            throw new IOException("a chain of " + length + " bytes, 1 to " + MAX_BODY_BYTES + " are possible");
        }
        return length;
    }

    /**
     * Reads the body and checks every signature. Whether the relays may be trusted, and the links are fresh and new, is for the caller.
     *
     * @throws IOException that says what is wrong
     */
    public static Chain parseBody(byte[] body) throws IOException {
        List<ChainLink> links = new ArrayList<>();
        try (DataInputStream in = ChainLink.reader(body)) {
            int count = in.readUnsignedByte();
            if (count == 0 || count > MAX_LINKS) {
                throw new IOException("a chain of " + count + " relays, 1 to " + MAX_LINKS + " are possible");
            }
            for (int i = 0; i < count; i++) {
                ChainLink link = ChainLink.read(in);
                if (!link.isSignedBehind(bytesOf(links))) {
                    throw new IOException("relay " + (i + 1) + " of the chain has not signed it");
                }
                links.add(link);
            }
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes behind the chain");
            }
        }
        return new Chain(links);
    }

    /** The relays' pins, nearest to the client first; "direct" without relays. */
    @Override
    public String toString() {
        return links.isEmpty() ? "direct" : relays().stream().map(Pin::toString).collect(Collectors.joining(","));
    }

    private static byte[] bytesOf(List<ChainLink> links) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (ChainLink each : links) {
                each.write(out);
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }
}
