package holdfast.itest.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A destination that knows what every byte has to be. A connection begins with a request of 24 bytes: operation, seed, length, each a big-endian number of
 * 8 bytes; see {@link PatternClient}.
 *
 * <ul>
 *   <li>get: sends {@code length} bytes of the {@link Pattern}, then finishes
 *   <li>put: checks {@code length} bytes, then answers with that length and finishes
 *   <li>echo: sends everything back
 * </ul>
 */
public final class PatternDestination implements AutoCloseable {
    static final int REQUEST_BYTES = 24;
    static final long GET = 1;
    static final long PUT = 2;
    static final long ECHO = 3;

    private static final ThreadLocal<ByteBuffer> SCRATCH =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(Pattern.CHUNK));

    private final List<AssertionError> wrong = new CopyOnWriteArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final SelectorServer server;

    public PatternDestination() throws IOException {
        this(InetAddress.getLoopbackAddress());
    }

    /** At another address of this machine. */
    public PatternDestination(InetAddress address) throws IOException {
        server = new SelectorServer(address, socket -> new Served());
    }

    public InetSocketAddress address() {
        return server.address();
    }

    /** Connections that are open now. */
    public int open() {
        return server.open();
    }

    /** Connections ever accepted. */
    public int accepted() {
        return server.accepted();
    }

    /** Pattern bytes sent so far on all connections. */
    public long sent() {
        return sent.get();
    }

    /** Pattern bytes received so far on all connections. */
    public long received() {
        return received.get();
    }

    /** Fails if a wrong byte arrived on any connection. */
    public void assertNothingWrong() {
        if (!wrong.isEmpty()) {
            throw wrong.get(0);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private final class Served implements SelectorServer.Connection {
        private static final int TURN = 4 * Pattern.CHUNK;

        private final ByteBuffer request = ByteBuffer.allocate(REQUEST_BYTES);
        private final EchoDestination.Echo echo = new EchoDestination.Echo();
        private long operation;
        private long seed;
        private long length;
        private long done;

        @Override
        public int ready(SocketChannel socket) throws IOException {
            if (request.hasRemaining()) {
                if (socket.read(request) < 0) {
                    return -1;
                }
                if (request.hasRemaining()) {
                    return SelectionKey.OP_READ;
                }
                request.flip();
                operation = request.getLong();
                seed = request.getLong();
                length = request.getLong();
                request.position(request.limit());
            }
            if (operation == GET) {
                return send(socket);
            } else if (operation == PUT) {
                return check(socket);
            }
            return operation == ECHO ? echo.ready(socket) : -1;
        }

        private int send(SocketChannel socket) throws IOException {
            for (int turn = 0; turn < TURN && done < length; ) {
                int size = socket.write(Pattern.at(seed, done, length - done));
                if (size == 0) {
                    break;
                }
                turn += size;
                done += size;
                sent.addAndGet(size);
            }
            return done < length ? SelectionKey.OP_WRITE : -1;
        }

        private int check(SocketChannel socket) throws IOException {
            ByteBuffer scratch = SCRATCH.get();
            for (int turn = 0; turn < TURN && done < length; ) {
                int size = socket.read(scratch.clear());
                if (size == 0) {
                    return SelectionKey.OP_READ;
                }
                if (size < 0) {
                    return -1;
                }
                if (size > length - done) {
                    return fail(new AssertionError(
                            (size - (length - done)) + " bytes too many after " + length + " with seed " + seed));
                }
                try {
                    Pattern.check(seed, done, scratch.flip());
                } catch (AssertionError e) {
                    return fail(e);
                }
                turn += size;
                done += size;
                received.addAndGet(size);
            }
            if (done < length) {
                return SelectionKey.OP_READ;
            }
            socket.write(ByteBuffer.allocate(Long.BYTES).putLong(done).flip());
            return -1;
        }

        private int fail(AssertionError error) {
            wrong.add(error);
            return -1;
        }
    }
}
