package holdfast.dns;

import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/** Makes answers (RFC 1035 section 4.1). Each method gives a whole message. */
public final class DnsAnswer {
    /** How long an address may be kept, in seconds: the resolver of an operating system does not say, so not for long. */
    static final int TTL_SECONDS = 30;

    private static final int NO_ERROR = 0;
    private static final int FORMAT_ERROR = 1;
    private static final int SERVER_FAILURE = 2;
    private static final int NAME_ERROR = 3;
    private static final int MAX_ADDRESSES = 32;
    private static final int NAME_OF_QUESTION = 0xc000 | DnsQuery.HEADER_BYTES;

    private DnsAnswer() {}

    /** These addresses, of them those that the query asks for; none of that kind is an answer too. */
    public static byte[] addresses(DnsQuery query, List<InetAddress> addresses) {
        List<InetAddress> wanted = addresses.stream()
                .filter(each -> (each instanceof Inet4Address) == (query.type() == DnsQuery.A))
                .limit(MAX_ADDRESSES)
                .toList();
        byte[] begin = header(query.begin(), NO_ERROR);
        begin[7] = (byte) wanted.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(begin);
        for (InetAddress each : wanted) {
            byte[] bytes = each.getAddress();
            u16(out, NAME_OF_QUESTION);
            u16(out, query.type());
            u16(out, 1);
            u16(out, TTL_SECONDS >>> 16);
            u16(out, TTL_SECONDS & 0xffff);
            u16(out, bytes.length);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    /** There is no such name. */
    public static byte[] noSuchName(DnsQuery query) {
        return header(query.begin(), NAME_ERROR);
    }

    /** It cannot be told now. */
    public static byte[] failure(DnsQuery query) {
        return header(query.begin(), SERVER_FAILURE);
    }

    /** The question was not understood; for what {@link DnsQuery#canBeAnswered}. */
    public static byte[] malformed(byte[] message) {
        byte[] answer = header(Arrays.copyOf(message, DnsQuery.HEADER_BYTES), FORMAT_ERROR);
        answer[5] = 0;
        answer[4] = 0;
        return answer;
    }

    /** The answer as UDP can carry it: where it is too long, only that it is, so that the asker comes again by TCP. */
    public static byte[] fitting(DnsQuery query, byte[] answer) {
        if (answer.length <= query.udpLimit()) {
            return answer;
        }
        byte[] cut = header(query.begin(), answer[3] & 0x0f);
        cut[2] |= 0x02;
        return cut;
    }

    /** Whether this is an answer to that question, by its number. */
    public static boolean answers(byte[] question, byte[] answer) {
        return answer.length >= DnsQuery.HEADER_BYTES
                && answer[0] == question[0]
                && answer[1] == question[1]
                && (answer[2] & 0x80) != 0;
    }

    /** Makes a question's header an answer's: recursion is available, the other sections are empty. */
    private static byte[] header(byte[] message, int code) {
        message[2] = (byte) (0x80 | (message[2] & 0x01));
        message[3] = (byte) (0x80 | code);
        Arrays.fill(message, 6, DnsQuery.HEADER_BYTES, (byte) 0);
        return message;
    }

    private static void u16(ByteArrayOutputStream out, int value) {
        out.write(value >>> 8);
        out.write(value);
    }
}
