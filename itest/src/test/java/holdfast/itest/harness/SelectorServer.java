package holdfast.itest.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** One thread that serves thousands of connections: accepts them, and tells each when its socket can be read or written. */
final class SelectorServer implements AutoCloseable {
    private static final int BACKLOG = 4096;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final Function<SocketChannel, Connection> accept;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private final CompletableFuture<Void> loop;
    private volatile boolean closing;

    /** What is done with one connection. */
    interface Connection {
        /**
         * The socket is ready for what was asked last (at first: to be read).
         *
         * @return what to wait for next, as of {@link SelectionKey#interestOps}; negative: the connection is over
         * @throws IOException also over
         */
        int ready(SocketChannel socket) throws IOException;
    }

    SelectorServer(InetAddress address, Function<SocketChannel, Connection> accept) throws IOException {
        this.accept = accept;
        listener.bind(new InetSocketAddress(address, address.isLoopbackAddress() ? Ports.free() : 0), BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        loop = CompletableFuture.runAsync(this::serve, Daemon.THREADS);
    }

    InetSocketAddress address() {
        try {
            return (InetSocketAddress) listener.getLocalAddress();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    /** Connections that are open now. */
    int open() {
        return open.get();
    }

    /** Connections ever accepted. */
    int accepted() {
        return accepted.get();
    }

    private void serve() {
        try (selector;
                listener) {
            while (!closing) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid() && key.isAcceptable()) {
                        acceptAll();
                    } else if (key.isValid()) {
                        serve(key);
                    }
                }
                selector.selectedKeys().clear();
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void acceptAll() throws IOException {
        for (SocketChannel socket = listener.accept(); socket != null; socket = listener.accept()) {
            socket.configureBlocking(false);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            open.incrementAndGet();
            accepted.incrementAndGet();
            socket.register(selector, SelectionKey.OP_READ, accept.apply(socket));
        }
    }

    private void serve(SelectionKey key) throws IOException {
        SocketChannel socket = (SocketChannel) key.channel();
        int next;
        try {
            next = ((Connection) key.attachment()).ready(socket);
        } catch (IOException over) {
            next = -1;
        }
        if (next < 0) {
            socket.close();
            open.decrementAndGet();
        } else {
            key.interestOps(next);
        }
    }

    @Override
    public void close() throws IOException {
        closing = true;
        selector.wakeup();
        try {
            loop.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException("the server of test connections broke", e);
        }
    }
}
