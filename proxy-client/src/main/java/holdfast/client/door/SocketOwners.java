package holdfast.client.door;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;

/**
 * Finds out which user's a TCP connection from this machine is, in the kernel's table of sockets. One reading of the table answers all who ask before it
 * begins, so that many connections at once cost little more than one. Belongs to the event loop.
 */
final class SocketOwners {
    /** The system does not tell. */
    static final int UNTOLD = -1;
    /** Nobody holds that socket any more. */
    static final int GONE = -2;

    private static final Path IP4 = Path.of("/proc/net/tcp");
    private static final Path IP6 = Path.of("/proc/net/tcp6");
    private static final String MAPPED = "0000000000000000FFFF0000";
    /** Behind the two addresses: state, queues, timer, retransmits, user, timeout, inode. */
    private static final int USER = 4;

    private static final int INODE = 6;

    private final EventLoop loop;
    private final Executor slowWork;
    private final List<Question> waiting = new ArrayList<>();
    private boolean reading;

    private record Question(String ip4, String ip6, IntConsumer told) {}

    SocketOwners(EventLoop loop, Executor slowWork) {
        this.loop = loop;
        this.slowWork = slowWork;
    }

    /** Tells, on the loop, the number of the user who holds the program's end of a connection, or {@link #UNTOLD} or {@link #GONE}. */
    void find(InetSocketAddress program, InetSocketAddress door, IntConsumer told) {
        waiting.add(question(program, door, told));
        if (!reading) {
            read();
        }
    }

    private void read() {
        List<Question> asked = List.copyOf(waiting);
        waiting.clear();
        reading = true;
        try {
            slowWork.execute(() -> {
                Map<String, Integer> owners = table();
                loop.execute(() -> answer(asked, owners));
            });
        } catch (RejectedExecutionException tooMuch) {
            // Who cannot be asked about is not let in.
            loop.execute(() -> answer(asked, Map.of("", GONE)));
        }
    }

    private void answer(List<Question> asked, Map<String, Integer> owners) {
        for (Question each : asked) {
            Integer owner = owners.getOrDefault(each.ip4, owners.get(each.ip6));
            each.told.accept(owners.isEmpty() ? UNTOLD : owner == null ? GONE : owner);
        }
        reading = false;
        if (!waiting.isEmpty()) {
            read();
        }
    }

    /** User by "program's address, door's address" as the table writes them; empty where there is no table. */
    private static Map<String, Integer> table() {
        Map<String, Integer> owners = new HashMap<>();
        for (Path each : List.of(IP4, IP6)) {
            try {
                for (String line :
                        Files.readString(each, StandardCharsets.ISO_8859_1).split("\n", -1)) {
                    add(line, owners);
                }
            } catch (IOException none) {
                // No such system, or no IPv6.
            }
        }
        return owners;
    }

    private static void add(String line, Map<String, Integer> owners) {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length < 3 + INODE + 1) {
            return;
        }
        try {
            boolean held = !words[3 + INODE].equals("0");
            owners.put(words[1] + " " + words[2], held ? Integer.parseInt(words[3 + USER]) : GONE);
        } catch (NumberFormatException heading) {
            // The first line names the columns.
        }
    }

    private static Question question(InetSocketAddress program, InetSocketAddress door, IntConsumer told) {
        String from = hex(program);
        String to = hex(door);
        boolean isIp4 = program.getAddress().getAddress().length == 4;
        return isIp4
                ? new Question(from + " " + to, MAPPED + from + " " + MAPPED + to, told)
                : new Question("", from + " " + to, told);
    }

    /** As the kernel prints it: words of 32 bits in the machine's own order. */
    private static String hex(InetSocketAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        byte[] printed = bytes.clone();
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            for (int i = 0; i < bytes.length; i++) {
                printed[i] = bytes[(i & ~3) + 3 - (i & 3)];
            }
        }
        return HexFormat.of().withUpperCase().formatHex(printed)
                + String.format(Locale.ROOT, ":%04X", address.getPort());
    }
}
