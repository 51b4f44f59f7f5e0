package holdfast.client.discovery;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks one name server, by UDP and, for what does not fit there, by TCP. */
final class NameServer {
    private static final Path RESOLVERS = Path.of("/etc/resolv.conf");
    private static final int DNS_PORT = 53;
    private static final int PATIENCE_MILLIS = 2_000;
    private static final int TRIES = 2;
    private static final int MAX_BYTES = 16_384;
    private static final int NO_SUCH_NAME = 3;

    private final InetSocketAddress address;
    private final SecureRandom random = new SecureRandom();

    NameServer(InetSocketAddress address) {
        this.address = address;
    }

    /**
     * The one that the system asks first.
     *
     * @throws IOException if it names none
     */
    static InetSocketAddress ofTheSystem() throws IOException {
        for (String line : Files.readAllLines(RESOLVERS)) {
            String[] words = line.strip().split("\\s+", -1);
            // An address, which getByName does not look up.
            if (words.length > 1 && words[0].equals("nameserver") && words[1].matches("[0-9a-fA-F:.]+")) {
                return new InetSocketAddress(InetAddress.getByName(words[1]), DNS_PORT);
            }
        }
        throw new IOException(RESOLVERS + " names no server");
    }

    /**
     * The answers there are; none where there is no such name.
     *
     * @throws IOException that says why there is no answer
     */
    List<DnsMessage.Answer> ask(String name, int type) throws IOException {
        byte[] question = DnsMessage.question(random.nextInt(1 << 16), name, type, true);
        byte[] answer = byUdp(question);
        if (DnsMessage.isCut(answer)) {
            answer = byTcp(question);
        }
        int code = DnsMessage.code(answer);
        if (code != 0 && code != NO_SUCH_NAME) {
            throw new IOException("the name server answers with error " + code);
        }
        return code == 0 ? DnsMessage.read(answer) : List.of();
    }

    /** Everything that comes within a second, from anybody; for the local links, of which every one is asked. */
    List<DnsMessage.Answer> askEverybody(String name, int type) throws IOException {
        List<DnsMessage.Answer> all = new ArrayList<>();
        byte[] question = DnsMessage.question(random.nextInt(1 << 16), name, type, false);
        try (DatagramSocket socket = new DatagramSocket()) {
            sendToAllLinks(socket, new DatagramPacket(question, question.length, address));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            while (all.size() < Discovery.MAX_HINTS) {
                byte[] message = receive(socket, end);
                if (DnsMessage.answers(question, message)) {
                    addReadable(message, all);
                }
            }
        } catch (SocketTimeoutException over) {
            // Whoever had something to say has said it.
        }
        return all;
    }

    private static void addReadable(byte[] message, List<DnsMessage.Answer> all) {
        try {
            all.addAll(DnsMessage.read(message));
        } catch (IOException damaged) {
            // One neighbour's nonsense is not to hide what the others say.
        }
    }

    /** The system would choose one of this machine's links for a multicast. */
    private static void sendToAllLinks(DatagramSocket socket, DatagramPacket question) throws IOException {
        boolean sent = false;
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (!each.isUp() || !each.supportsMulticast() || each.isLoopback()) {
                continue;
            }
            try {
                socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, each);
                socket.send(question);
                sent = true;
            } catch (IOException noIpv4There) {
                // The others may have some.
            }
        }
        if (!sent) {
            socket.send(question);
        }
    }

    private byte[] byUdp(byte[] question) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            // Connected, so that nobody else's answers arrive.
            socket.connect(address);
            for (int i = 0; i < TRIES; i++) {
                socket.send(new DatagramPacket(question, question.length));
                byte[] answer = firstAnswer(socket, question);
                if (answer.length > 0) {
                    return answer;
                }
            }
        }
        throw new IOException("the name server " + Hint.printable(address.getHostString()) + " does not answer");
    }

    /** Empty if there is none in time. */
    private static byte[] firstAnswer(DatagramSocket socket, byte[] question) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        try {
            while (true) {
                byte[] message = receive(socket, end);
                if (DnsMessage.answers(question, message)) {
                    return message;
                }
            }
        } catch (SocketTimeoutException none) {
            return new byte[0];
        }
    }

    private static byte[] receive(DatagramSocket socket, long end) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        socket.setSoTimeout((int) left);
        DatagramPacket packet = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private byte[] byTcp(byte[] question) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(question.length);
            out.write(question);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = in.readUnsignedShort();
            if (length > MAX_BYTES) {
                throw new IOException("an answer of " + length + " bytes; at most " + MAX_BYTES + " are read");
            }
            byte[] message = new byte[length];
            in.readFully(message);
            if (!DnsMessage.answers(question, message)) {
                throw new IOException("the name server answers something else");
            }
            return message;
        }
    }
}
