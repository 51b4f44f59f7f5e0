package holdfast.client.discovery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Questions for SVCB, SRV and PTR records, and the answers to them (RFC 1035 section 4, RFC 2782, RFC 9460). Whatever an answer holds, reading it gives
 * {@value #MAX_RECORDS} records at most, and follows few pointers, backwards only.
 */
final class DnsMessage {
    static final int PTR = 12;
    static final int SRV = 33;
    static final int SVCB = 64;

    private static final int MAX_RECORDS = 32;
    private static final int MAX_NAME = 255;
    private static final int HEADER = 12;
    private static final int MAX_JUMPS = 16;
    private static final int POINTER = 0xc0;
    private static final int PORT_KEY = 3;

    /**
     * What a record says.
     *
     * @param name of the owner, without a dot at its end
     * @param target SRV and SVCB: of a machine; PTR: of an instance
     * @param port 0 where none is said
     */
    record Answer(String name, int type, int priority, String target, int port) {}

    private DnsMessage() {}

    static byte[] question(int id, String name, int type, boolean wantsRecursion) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        u16(out, id);
        u16(out, wantsRecursion ? 0x0100 : 0);
        u16(out, 1);
        u16(out, 0);
        u16(out, 0);
        u16(out, 0);
        for (String label : name.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
        u16(out, type);
        u16(out, 1);
        return out.toByteArray();
    }

    /** Whether this is an answer to that question: its number, and the question word for word. */
    static boolean answers(byte[] question, byte[] message) {
        if (message.length < question.length || (message[2] & 0x80) == 0) {
            return false;
        }
        for (int i = 0; i < question.length; i++) {
            boolean isCompared = i < 2 || i == 4 || i == 5 || i >= HEADER;
            if (isCompared && lower(message[i]) != lower(question[i])) {
                return false;
            }
        }
        return true;
    }

    static boolean isCut(byte[] message) {
        return (message[2] & 0x02) != 0;
    }

    static int code(byte[] message) {
        return message[3] & 0x0f;
    }

    /**
     * The records of the three types in it.
     *
     * @throws IOException if it is not well-formed; nothing of it is used then
     */
    static List<Answer> read(byte[] message) throws IOException {
        try {
            ByteBuffer in = ByteBuffer.wrap(message);
            in.position(4);
            int questions = u16(in);
            int records = u16(in) + u16(in) + u16(in);
            for (int i = 0; i < questions; i++) {
                name(in);
                in.position(in.position() + 4);
            }
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < records && answers.size() < MAX_RECORDS; i++) {
                record(in, answers);
            }
            return answers;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("the answer is damaged", e);
        }
    }

    private static void record(ByteBuffer in, List<Answer> answers) throws IOException {
        String owner = name(in);
        int type = u16(in);
        in.position(in.position() + 6);
        int length = u16(in);
        int end = in.position() + length;
        if (end > in.limit()) {
            throw new IOException("a record is longer than its message");
        }
        switch (type) {
            case PTR -> answers.add(new Answer(owner, type, 0, name(in), 0));
            case SRV -> {
                int priority = u16(in);
                u16(in);
                int port = u16(in);
                answers.add(new Answer(owner, type, priority, name(in), port));
            }
            case SVCB -> {
                int priority = u16(in);
                String target = name(in);
                answers.add(new Answer(owner, type, priority, target, port(in, end)));
            }
            default -> {
                in.position(end);
                return;
            }
        }
        if (in.position() > end) {
            throw new IOException("a record is longer than it says");
        }
        in.position(end);
    }

    /** The port among the parameters of an SVCB record. */
    private static int port(ByteBuffer in, int end) throws IOException {
        int port = 0;
        while (in.position() < end) {
            int key = u16(in);
            int length = u16(in);
            int next = in.position() + length;
            if (next > end || (key == PORT_KEY && length != 2)) {
                throw new IOException("a parameter is longer than its record");
            }
            if (key == PORT_KEY) {
                port = u16(in);
            }
            in.position(next);
        }
        return port;
    }

    /** A name. Pointers lead backwards only, so that there is no circle. */
    private static String name(ByteBuffer in) throws IOException {
        StringBuilder name = new StringBuilder();
        ByteBuffer at = in;
        int before = in.position();
        int jumps = 0;
        while (true) {
            int start = at.position();
            int length = at.get() & 0xff;
            if (length == 0) {
                return name.toString();
            }
            if ((length & POINTER) == POINTER) {
                int to = (length & ~POINTER) << 8 | (at.get() & 0xff);
                jumps++;
                if (to >= Math.min(before, start) || jumps > MAX_JUMPS) {
                    throw new IOException("a name points in circles");
                }
                before = to;
                at = in.duplicate();
                at.position(to);
                continue;
            }
            if (length >= 64 || name.length() + length > MAX_NAME) {
                throw new IOException("a name is too long");
            }
            byte[] label = new byte[length];
            at.get(label);
            name.append(name.length() == 0 ? "" : ".").append(new String(label, StandardCharsets.ISO_8859_1));
        }
    }

    private static int lower(byte value) {
        return value >= 'A' && value <= 'Z' ? value + 32 : value;
    }

    static boolean isSame(String one, String other) {
        return one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
    }

    private static int u16(ByteBuffer in) {
        return in.getShort() & 0xffff;
    }

    private static void u16(ByteArrayOutputStream out, int value) {
        out.write(value >>> 8);
        out.write(value);
    }
}
