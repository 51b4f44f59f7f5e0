package holdfast.itest.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** A destination that sends back what it gets, and finishes when its peer does. Reads no further while its peer does not read. */
public final class EchoDestination implements AutoCloseable {
    private final SelectorServer server;

    private EchoDestination(SelectorServer server) {
        this.server = server;
    }

    public static EchoDestination start() throws IOException {
        return start(InetAddress.getLoopbackAddress());
    }

    public static EchoDestination start(InetAddress address) throws IOException {
        return new EchoDestination(new SelectorServer(address, socket -> new Echo()));
    }

    public InetSocketAddress address() {
        return server.address();
    }

    public int port() {
        return address().getPort();
    }

    /** Connections that are open now. */
    public int open() {
        return server.open();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** One connection; holds a buffer only while its peer is slow. */
    static final class Echo implements SelectorServer.Connection {
        private static final ThreadLocal<ByteBuffer> SCRATCH =
                ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(64 * 1024));
        private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

        private ByteBuffer unsent = NOTHING;

        @Override
        public int ready(SocketChannel socket) throws IOException {
            socket.write(unsent);
            if (unsent.hasRemaining()) {
                return SelectionKey.OP_WRITE;
            }
            unsent = NOTHING;
            ByteBuffer scratch = SCRATCH.get().clear();
            int size = socket.read(scratch);
            if (size < 0) {
                return -1;
            }
            socket.write(scratch.flip());
            if (!scratch.hasRemaining()) {
                return SelectionKey.OP_READ;
            }
            unsent = ByteBuffer.allocate(scratch.remaining()).put(scratch).flip();
            return SelectionKey.OP_WRITE;
        }
    }
}
