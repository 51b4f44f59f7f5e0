package holdfast.itest.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A link between the two programs that behaves as badly as it is told to: a TCP relay in this process. What it does to connections it does to those that
 * are there; what it does to bytes it does to all that pass until told otherwise.
 */
public final class FlakyLink implements AutoCloseable {
    /** Which way bytes go. */
    public enum Direction {
        TO_GATEWAY,
        TO_CLIENT
    }

    private final InetSocketAddress gateway;
    private final ServerSocket listener;
    private final Random random;
    private final Map<Direction, Line> lines = new EnumMap<>(Direction.class);
    private final List<LinkConnection> connections = new CopyOnWriteArrayList<>();
    private final AtomicInteger dialed = new AtomicInteger();
    private volatile int largestPiece = Integer.MAX_VALUE;
    private volatile boolean down;

    /** A link to the gateway's port; the seed decides how it slices. */
    public FlakyLink(int gatewayPort, long seed) throws IOException {
        gateway = new InetSocketAddress(InetAddress.getLoopbackAddress(), gatewayPort);
        random = new Random(seed);
        for (Direction each : Direction.values()) {
            lines.put(each, new Line());
        }
        listener = new ServerSocket(Ports.free(), 100, InetAddress.getLoopbackAddress());
        Daemon.THREADS.execute(this::accept);
    }

    /** Where the client reaches the gateway through this link. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Resets every connection, at both ends. */
    public void cut() {
        connections.forEach(LinkConnection::reset);
    }

    /** Ends every connection by FIN, at both ends, between any two bytes. */
    public void finish() {
        connections.forEach(LinkConnection::finish);
    }

    /** Takes in no byte to these directions' far ends any more and tells nobody: a black hole. New connections come about and hear nothing. */
    public void stall(Direction... directions) {
        for (Direction each : directions.length == 0 ? Direction.values() : directions) {
            line(each).stall(true);
        }
    }

    /** Lets no byte of the connections that are there now through any more, and tells nobody. New connections are as good as ever. */
    public void strand() {
        connections.forEach(LinkConnection::strand);
    }

    /** Ends every stall. What was held back goes on as after a retransmission. */
    public void flow() {
        lines.values().forEach(line -> line.stall(false));
    }

    /** Resets new connections as they come, until {@link #up}; those that are there stay. */
    public void down() {
        down = true;
    }

    public void up() {
        down = false;
    }

    /** One-way delay of every byte, in both directions. */
    public void delay(Duration oneWay) {
        lines.values().forEach(line -> line.delay(oneWay.toNanos()));
    }

    /** What each direction carries at most, over all connections; 0: no limit. */
    public void rate(long bytesPerSecond) {
        lines.values().forEach(line -> line.rate(bytesPerSecond));
    }

    /** Passes bytes in pieces of random size from 1 to {@code largest}, each a segment of its own. */
    public void slice(int largest) {
        largestPiece = largest;
    }

    /** Resets the connection on which this many further bytes have passed in a direction, exactly behind the last of them. */
    public void cutAfter(Direction direction, long bytes) {
        line(direction).cutAfter(bytes);
    }

    /** Bytes passed so far in a direction, over all connections. */
    public long passed(Direction direction) {
        return line(direction).passed();
    }

    /** Connections that are there now. */
    public int open() {
        return connections.size();
    }

    /** Connections ever dialed by the client. */
    public int dialed() {
        return dialed.get();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket client = listener.accept();
                dialed.incrementAndGet();
                if (down) {
                    LinkConnection.reset(client);
                } else {
                    Daemon.THREADS.execute(() -> connect(client));
                }
            }
        } catch (IOException closed) {
            // the end of the link
        }
    }

    private void connect(Socket client) {
        try {
            Socket onward = new Socket(gateway.getAddress(), gateway.getPort());
            LinkConnection connection = new LinkConnection(client, onward, this);
            connections.add(connection);
            connection.start();
        } catch (IOException refused) {
            LinkConnection.reset(client);
        }
    }

    Line line(Direction direction) {
        return Objects.requireNonNull(lines.get(direction));
    }

    void over(LinkConnection connection) {
        connections.remove(connection);
        lines.values().forEach(Line::wake);
    }

    int pieceSize(int atMost) {
        int largest = largestPiece;
        if (largest == Integer.MAX_VALUE) {
            return atMost;
        }
        synchronized (random) {
            return Math.min(atMost, 1 + random.nextInt(largest));
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
