package holdfast.dns;

import java.util.Arrays;
import java.util.Locale;

/**
 * A DNS message that asks one question (RFC 1035 section 4.1). One that exists is well-formed as far as the question reaches; what follows it (EDNS) is
 * carried along.
 */
public final class DnsQuery {
    /** Type of an IPv4 address. */
    public static final int A = 1;
    /** Type of an IPv6 address (RFC 3596). */
    public static final int AAAA = 28;

    static final int HEADER_BYTES = 12;

    /** The longest message that may ask: UDP without fragments, and far more than a question needs. */
    public static final int MAX_BYTES = 4096;

    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_LABEL_BYTES = 63;
    private static final int CLASS_IN = 1;
    private static final int OPT = 41;
    private static final int PLAIN_UDP_BYTES = 512;

    private final byte[] message;
    private final String name;
    private final int end;

    private DnsQuery(byte[] message, String name, int end) {
        this.message = message;
        this.name = name;
        this.end = end;
    }

    /**
     * Reads a message.
     *
     * @throws IllegalArgumentException if it is not a question, or not one that can be understood; where {@link #canBeAnswered} says so, {@link DnsAnswer#malformed}
     *     is the reply
     */
    public static DnsQuery parse(byte[] message) {
        if (message.length < HEADER_BYTES || message.length > MAX_BYTES || (message[2] & 0x80) != 0) {
            throw new IllegalArgumentException("not a DNS question");
        }
        if ((message[2] & 0x78) != 0) {
            throw new IllegalArgumentException("a DNS message of opcode " + ((message[2] & 0x78) >> 3));
        }
        if (u16(message, 4) != 1) {
            throw new IllegalArgumentException("a DNS message with " + u16(message, 4) + " questions");
        }
        StringBuilder name = new StringBuilder();
        int at = HEADER_BYTES;
        while (at < message.length && message[at] != 0) {
            at = label(message, at, name);
        }
        int end = at + 5;
        if (end > message.length) {
            throw new IllegalArgumentException("a DNS question that is cut off");
        }
        String text = name.isEmpty() ? "." : name.substring(0, name.length() - 1);
        return new DnsQuery(message.clone(), text.toLowerCase(Locale.ROOT), end);
    }

    /** Whether bytes that are no query have enough of one to be told so: an answer must never be answered. */
    public static boolean canBeAnswered(byte[] message) {
        return message.length >= HEADER_BYTES && (message[2] & 0x80) == 0;
    }

    /** The name in lower case, without the dot at its end; "." for the root. */
    public String name() {
        return name;
    }

    public int type() {
        return u16(message, end - 4);
    }

    /** Whether it asks for addresses of the internet. */
    public boolean wantsAddresses() {
        return (type() == A || type() == AAAA) && u16(message, end - 2) == CLASS_IN;
    }

    /** The whole message, a copy. */
    public byte[] toBytes() {
        return message.clone();
    }

    /** The longest answer that the asker takes by UDP: 512 bytes, or what it says with EDNS (RFC 6891 section 6.2.3). */
    public int udpLimit() {
        int at = end;
        boolean onlyOne = u16(message, 6) == 0 && u16(message, 8) == 0 && u16(message, 10) == 1;
        boolean isEdns = onlyOne && at + 11 <= message.length && message[at] == 0 && u16(message, at + 1) == OPT;
        return isEdns ? Math.max(PLAIN_UDP_BYTES, u16(message, at + 3)) : PLAIN_UDP_BYTES;
    }

    /** Header and question. */
    byte[] begin() {
        return Arrays.copyOf(message, end);
    }

    private static int label(byte[] message, int at, StringBuilder name) {
        int length = message[at] & 0xff;
        int end = at + 1 + length;
        if (length > MAX_LABEL_BYTES || end >= message.length || end - HEADER_BYTES > MAX_NAME_BYTES - 1) {
            throw new IllegalArgumentException("a DNS question whose name is malformed");
        }
        for (int i = at + 1; i < end; i++) {
            char c = (char) (message[i] & 0xff);
            if (c <= ' ' || c >= 0x7f || c == '.' || c == '\\') {
                throw new IllegalArgumentException("a DNS question for a name with byte " + (int) c);
            }
            name.append(c);
        }
        name.append('.');
        return end;
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
}
