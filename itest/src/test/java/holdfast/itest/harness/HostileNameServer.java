package holdfast.itest.harness;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A name server that does what its names say, at port 53 of a loopback address of its own (root only). The first label of a name picks the {@link Answer}, up to
 * its first digit, so that there are as many names of a kind as are wanted; what has no answer does not exist. Speaks UDP and, for what is too long, TCP.
 */
public final class HostileNameServer implements AutoCloseable {
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int CNAME = 5;
    private static final int LONGEST_UDP = 512;
    private static final int NO_SUCH_NAME = 3;

    private final InetAddress address;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();

    /** A server without answers. */
    public HostileNameServer() throws IOException {
        Tools.requireRoot("a name server");
        long own = ProcessHandle.current().pid();
        address = InetAddress.getByAddress(new byte[] {127, 53, (byte) (own >> 8), (byte) own});
        udp = new DatagramSocket(53, address);
        tcp = new ServerSocket(53, 50, address);
        Background.run(this::serveUdp);
        Background.run(this::serveTcp);
    }

    /** What is said to a question. */
    public interface Answer {
        /**
         * The message, or null for none.
         *
         * @param times how often this name was asked for with this type, this time included
         */
        byte @Nullable [] to(Question question, int times) throws IOException;
    }

    /** One question, with what answers are made of. */
    public static final class Question {
        private final byte[] message;
        private final String name;
        private final int type;

        private Question(byte[] message, String name, int type) {
            this.message = message;
            this.name = name;
            this.type = type;
        }

        public String name() {
            return name;
        }

        /** 1 asks for IPv4 addresses, 28 for IPv6. */
        public int type() {
            return type;
        }

        /** A code and nothing else: 2 is SERVFAIL, 3 is NXDOMAIN. */
        public byte[] code(int code) throws IOException {
            return message(code, List.of());
        }

        /** The addresses of the question's family among these; none lives longer than the question. */
        public byte[] addresses(List<String> all) throws IOException {
            List<byte[]> records = new ArrayList<>();
            for (String each : all) {
                byte[] bytes = InetAddress.getByName(each).getAddress();
                if (bytes.length == (type == A ? 4 : 16)) {
                    records.add(record(type, bytes));
                }
            }
            return message(0, records);
        }

        /** The name stands for another one. */
        public byte[] alias(String other) throws IOException {
            ByteArrayOutputStream name = new ByteArrayOutputStream();
            for (String label : other.split("\\.", -1)) {
                name.write(label.length());
                name.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
            }
            name.write(0);
            return message(0, List.of(record(CNAME, name.toByteArray())));
        }

        private static byte[] record(int type, byte[] data) {
            // A pointer to the question's name; class IN; time to live 0.
            return ByteBuffer.allocate(12 + data.length)
                    .putShort((short) 0xc00c)
                    .putShort((short) type)
                    .putShort((short) 1)
                    .putInt(0)
                    .putShort((short) data.length)
                    .put(data)
                    .array();
        }

        private byte[] message(int code, List<byte[]> records) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            DataOutputStream data = new DataOutputStream(out);
            data.write(message, 0, 2);
            data.writeShort(0x8180 | code);
            data.writeShort(1);
            data.writeShort(records.size());
            data.writeInt(0);
            data.write(message, 12, message.length - 12);
            for (byte[] each : records) {
                data.write(each);
            }
            return out.toByteArray();
        }
    }

    /** From now on names that begin with this kind are answered so. */
    public HostileNameServer on(String kind, Answer answer) {
        answers.put(kind, answer);
        return this;
    }

    /** How many different questions there were for names of this kind. */
    public long questions(String kind) {
        return asked.keySet().stream().filter(each -> kindOf(each).equals(kind)).count();
    }

    /** The words before a command that make a program ask this server, and only it. */
    public List<String> asked(Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("resolv.conf"),
                "nameserver " + address.getHostAddress() + "\noptions timeout:12 attempts:1\n");
        return List.of(
                Tools.require("unshare"),
                "-m",
                "sh",
                "-c",
                "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"",
                file.toString());
    }

    private static String kindOf(String name) {
        return name.split("[0-9.]", 2)[0];
    }

    private byte @Nullable [] answer(byte[] message) throws IOException {
        StringBuilder name = new StringBuilder();
        int at = 12;
        for (int length = message[at]; length != 0; length = message[at]) {
            name.append(new String(message, at + 1, length, StandardCharsets.US_ASCII))
                    .append('.');
            at += 1 + length;
        }
        int type = ByteBuffer.wrap(message).getShort(at + 1);
        // What follows the question (an OPT record) is not repeated.
        byte[] upToQuestion = Arrays.copyOf(message, at + 5);
        String lower = name.toString().toLowerCase(Locale.ROOT);
        int times = asked.merge(lower + (type == AAAA ? " AAAA" : " A"), 1, Integer::sum);
        Question question = new Question(upToQuestion, lower, type);
        Answer answer = answers.get(kindOf(lower));
        return answer == null ? question.code(NO_SUCH_NAME) : answer.to(question, times);
    }

    private void serveUdp() throws IOException {
        byte[] buffer = new byte[LONGEST_UDP];
        while (!udp.isClosed()) {
            DatagramPacket in = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(in);
            } catch (SocketException closed) {
                return;
            }
            byte @Nullable [] answer = answer(Arrays.copyOf(buffer, in.getLength()));
            if (answer != null && answer.length > LONGEST_UDP) {
                // Nothing of it, and the bit that says that there is more.
                answer = Arrays.copyOf(answer, in.getLength());
                answer[2] |= 2;
                answer[6] = 0;
                answer[7] = 0;
            }
            if (answer != null) {
                udp.send(new DatagramPacket(answer, answer.length, in.getSocketAddress()));
            }
        }
    }

    private void serveTcp() throws IOException {
        while (!tcp.isClosed()) {
            Socket socket;
            try {
                socket = tcp.accept();
            } catch (SocketException closed) {
                return;
            }
            Background.run(() -> {
                try (socket) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    OutputStream out = socket.getOutputStream();
                    for (int length = in.readUnsignedShort(); ; length = in.readUnsignedShort()) {
                        byte @Nullable [] answer = answer(in.readNBytes(length));
                        if (answer != null) {
                            out.write(ByteBuffer.allocate(2 + answer.length)
                                    .putShort((short) answer.length)
                                    .put(answer)
                                    .array());
                        }
                    }
                } catch (EOFException asExpected) {
                    // The resolver has its answer.
                }
            });
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
