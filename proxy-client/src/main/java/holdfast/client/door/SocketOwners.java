package holdfast.client.door;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which user's a TCP connection from this machine is: asks the kernel about that one where {@link SocketDiag} can, else in the kernel's table of all sockets. One reading of the table
 * answers all who ask before it begins, so that many connections at once cost little more than one. Belongs to the event loop.
 */
final class SocketOwners {
    /** The system does not tell. */
    static final int UNTOLD = -1;
    /** Nobody holds that socket any more. */
    static final int GONE = -2;

    /** Presumed to be of a user who may: the answer follows. */
    static final int PRESUMED = -3;

    /** From so many lines on, reading the table for every connection would cost more than the connections do. */
    private static final int CROWDED = 512;

    /** How often a long table is read. */
    private static final long PAUSE_MILLIS = 250;

    /** Nobody is presumed to be anybody for so long after another user was met. */
    private static final long STRICT_NANOS = 600_000_000_000L;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private static final Logger LOG = LoggerFactory.getLogger(SocketOwners.class);

    private final EventLoop loop;
    private final Executor slowWork;
    private final List<Question> waiting = new ArrayList<>();
    private @Nullable SocketDiag diag;
    private boolean closed;
    private boolean reading;
    private boolean crowded;
    private boolean met;
    private long metAt;

    private record Question(String ip4, String ip6, IntConsumer told) {}

    SocketOwners(EventLoop loop, Executor slowWork) {
        this.loop = loop;
        this.slowWork = slowWork;
    }

    /** Asks the kernel about single connections as soon as it can be asked; until then, and where it cannot, its table serves. For any thread. */
    void open() {
        slowWork.execute(() -> {
            try {
                SocketDiag opened = new SocketDiag(NetlinkSocket.open());
                loop.execute(() -> use(opened));
            } catch (IOException | LinkageError none) {
                LOG.atDebug().setCause(none).log("door.no_netlink");
            }
        });
    }

    /** Asks no more. For any thread. */
    void close() {
        loop.execute(() -> {
            closed = true;
            forget();
        });
    }

    /**
     * Tells, on the loop, the number of the user who holds the program's end of a connection, or {@link #UNTOLD} or {@link #GONE}; at once where the kernel can be asked. Where it cannot, the table is long and no
     * other user has been met lately, tells {@link #PRESUMED} at once, and the answer within half a second.
     */
    void find(InetSocketAddress program, InetSocketAddress door, IntConsumer told) {
        SocketDiag asked = diag;
        if (asked != null) {
            try {
                told.accept(asked.ownerOf(program, door));
                return;
            } catch (IOException unanswered) {
                LOG.atDebug().setCause(unanswered).log("door.netlink_unanswered");
            }
        }
        waiting.add(question(program, door, told));
        if (presumes()) {
            told.accept(PRESUMED);
        }
        if (!reading) {
            read();
        }
    }

    /** Somebody was met who may not: from now on everybody waits for the answer. */
    void metAnother() {
        met = true;
        metAt = System.nanoTime();
    }

    /** Whether another user was met lately. */
    boolean isStrict() {
        return met && System.nanoTime() - metAt < STRICT_NANOS;
    }

    /** On the loop: takes ownership. */
    void use(SocketDiag opened) {
        diag = opened;
        if (closed) {
            forget();
        }
    }

    private void forget() {
        SocketDiag last = diag;
        diag = null;
        if (last != null) {
            try {
                last.close();
            } catch (IOException e) {
                LOG.atDebug().setCause(e).log("door.netlink_unanswered");
            }
        }
    }

    private boolean presumes() {
        return crowded && !isStrict();
    }

    private void read() {
        List<Question> asked = List.copyOf(waiting);
        waiting.clear();
        reading = true;
        // Once the table was long it is read to its end, or nobody would see that it is short again.
        boolean whole = crowded;
        try {
            slowWork.execute(() -> {
                Set<String> keys = new HashSet<>();
                asked.forEach(each -> Collections.addAll(keys, each.ip4, each.ip6));
                SocketTable table = SocketTable.read(keys, whole);
                loop.execute(() -> answer(asked, table));
            });
        } catch (RejectedExecutionException tooMuch) {
            // Who cannot be asked about is not let in.
            loop.execute(() -> answer(asked, new SocketTable(Map.of(), Map.of(), 1)));
        }
    }

    private void answer(List<Question> asked, SocketTable table) {
        for (Question each : asked) {
            Integer owner = table.owners().getOrDefault(each.ip4, table.owners().get(each.ip6));
            each.told.accept(table.lines() == 0 ? UNTOLD : owner == null ? GONE : owner);
        }
        crowded = table.lines() > CROWDED;
        if (presumes()) {
            loop.schedule(this::readOn, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            readOn();
        }
    }

    private void readOn() {
        reading = false;
        if (!waiting.isEmpty()) {
            read();
        }
    }

    private static Question question(InetSocketAddress program, InetSocketAddress door, IntConsumer told) {
        List<String> keys = keys(program, door);
        return new Question(keys.get(0), keys.get(1), told);
    }

    /** How the kernel's tables name the program's end of a connection: two forms, or an empty one and one. */
    static List<String> keys(InetSocketAddress program, InetSocketAddress door) {
        String from = hex(program);
        String to = hex(door);
        boolean isIp4 = program.getAddress().getAddress().length == 4;
        return isIp4
                ? List.of(from + " " + to, SocketTable.MAPPED + from + " " + SocketTable.MAPPED + to)
                : List.of("", from + " " + to);
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
        return HEX.formatHex(printed) + ':' + HEX.toHexDigits((char) address.getPort());
    }
}
