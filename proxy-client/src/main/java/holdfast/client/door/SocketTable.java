package holdfast.client.door;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * One reading of the kernel's table of TCP sockets. A busy machine has tens of thousands of lines in it, most of them of connections that are over, so a line
 * is taken apart only when its port is asked for.
 *
 * @param owners user by "program's address, door's address" as the table writes them, {@link SocketOwners#GONE} where nobody holds the socket
 * @param inodes number of the socket by the same, where somebody holds it
 * @param lines how long the table was; 0 where there is none
 */
record SocketTable(Map<String, Integer> owners, Map<String, String> inodes, int lines) {
    private static final Path IP4 = Path.of("/proc/net/tcp");
    private static final Path IP6 = Path.of("/proc/net/tcp6");

    /** In front of IPv4 addresses that stand in the table of IPv6: a program may reach 127.0.0.1 by a socket of either kind. */
    static final String MAPPED = "0000000000000000FFFF0000";

    /** The length of a key of the table of IPv4. */
    private static final int IP4_KEY = "0100007F:A0B2 0100007F:0438".length();

    private static final int CHUNK = 64 * 1024;

    /** One line of the table of IPv4. */
    private static final int LINE = 150;

    /** So many lines are taken one by one. */
    private static final int SINGLY = 256;

    private static final int PORT_DIGITS = 4;

    /** Behind the two addresses: state, queues, timer, retransmits, user, timeout, inode. */
    private static final int USER = 4;

    private static final int INODE = 6;

    /**
     * Reads the lines of these keys; may block. The kernel looks at every place where a socket could be, which takes milliseconds on a large machine: so the
     * table of IPv6 is read only for what is not in that of IPv4, and a short table not behind the last line that was asked for, unless all of it is wanted. The kernel looks for as
     * many lines as there is room for, so at first there is room for one; and where a table has ended, it looks through all of it again before it says so.
     *
     * @param whole whether to read to the end, to know how long the table is
     */
    static SocketTable read(Collection<String> keys, boolean whole) {
        BitSet ports = new BitSet(1 << 16);
        for (String each : keys) {
            int end = each.indexOf(' ');
            if (end > PORT_DIGITS) {
                ports.set(Integer.parseInt(each.substring(end - PORT_DIGITS, end), 16));
            }
        }
        Map<String, Integer> owners = new HashMap<>();
        Map<String, String> inodes = new HashMap<>();
        int lines = 0;
        if (keys.stream().anyMatch(each -> each.length() == IP4_KEY)) {
            lines += read(IP4, keys, whole, ports, owners, inodes);
        }
        if (keys.stream().anyMatch(each -> each.length() > IP4_KEY && !owners.containsKey(other(each)))) {
            lines += read(IP6, keys, whole, ports, owners, inodes);
        }
        return new SocketTable(owners, inodes, lines);
    }

    private static int read(
            Path table,
            Collection<String> keys,
            boolean whole,
            BitSet ports,
            Map<String, Integer> owners,
            Map<String, String> inodes) {
        try (InputStream in = Files.newInputStream(table)) {
            return read(in, keys, whole, ports, owners, inodes);
        } catch (IOException none) {
            // No such system, or no IPv6.
            return 0;
        }
    }

    private static int read(
            InputStream in,
            Collection<String> keys,
            boolean whole,
            BitSet ports,
            Map<String, Integer> owners,
            Map<String, String> inodes)
            throws IOException {
        byte[] buffer = new byte[CHUNK];
        int lines = 0;
        int kept = 0;
        while (whole || lines > SINGLY || !areAllIn(owners, keys)) {
            int count = in.read(buffer, kept, whole || lines > SINGLY ? CHUNK - kept : LINE);
            if (count <= 0) {
                break;
            }
            int end = kept + count;
            int start = 0;
            for (int i = kept; i < end; i++) {
                if (buffer[i] == '\n') {
                    lines++;
                    line(buffer, start, i, ports, owners, inodes);
                    start = i + 1;
                }
            }
            kept = end - start;
            System.arraycopy(buffer, start, buffer, 0, kept);
        }
        return lines;
    }

    /** Of the two forms of a key of IPv4 one is enough. */
    private static boolean areAllIn(Map<String, Integer> owners, Collection<String> keys) {
        if (owners.isEmpty()) {
            return false;
        }
        for (String each : keys) {
            if (!each.isEmpty() && !owners.containsKey(each) && !owners.containsKey(other(each))) {
                return false;
            }
        }
        return true;
    }

    private static String other(String key) {
        return key.length() == IP4_KEY ? MAPPED + key.replace(" ", " " + MAPPED) : key.replace(MAPPED, "");
    }

    /** "  12: 0100007F:A0B2 0100007F:0438 01 ...": number, the socket's own address, the other's. */
    private static void line(
            byte[] buffer, int start, int end, BitSet ports, Map<String, Integer> owners, Map<String, String> inodes) {
        int own = start;
        while (own < end && buffer[own] != ':') {
            own++;
        }
        int port = own + 1;
        while (port < end && buffer[port] != ':') {
            port++;
        }
        if (port + PORT_DIGITS >= end || !ports.get(hex(buffer, port + 1))) {
            return;
        }
        String[] words = new String(buffer, start, end - start, StandardCharsets.ISO_8859_1)
                .strip()
                .split("\\s+", -1);
        if (words.length > 3 + INODE) {
            boolean held = !words[3 + INODE].equals("0");
            String key = words[1] + " " + words[2];
            owners.put(key, held ? Integer.parseInt(words[3 + USER]) : SocketOwners.GONE);
            if (held) {
                inodes.put(key, words[3 + INODE]);
            }
        }
    }

    /** The four digits from there; what is none makes a number that is no port of anybody's. */
    private static int hex(byte[] buffer, int from) {
        int value = 0;
        for (int i = from; i < from + PORT_DIGITS; i++) {
            int digit = Character.digit(buffer[i], 16);
            if (digit < 0) {
                return 0;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
