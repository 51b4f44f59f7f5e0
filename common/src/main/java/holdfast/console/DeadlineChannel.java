package holdfast.console;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** A socket whose whole use, however many reads and writes it takes, has to be over after a time: Unix-domain sockets have no timeout of their own. */
final class DeadlineChannel implements AutoCloseable {
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final long start = System.nanoTime();
    private final Duration patience;

    /** Takes ownership of the channel. */
    DeadlineChannel(SocketChannel channel, Duration patience) throws IOException {
        this.channel = channel;
        this.patience = patience;
        try {
            channel.configureBlocking(false);
            this.selector = Selector.open();
            this.key = channel.register(selector, 0);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Reads at least one byte; -1 at the end. */
    int read(ByteBuffer into) throws IOException {
        int read = channel.read(into);
        while (read == 0) {
            await(SelectionKey.OP_READ);
            read = channel.read(into);
        }
        return read;
    }

    void write(ByteBuffer all) throws IOException {
        while (all.hasRemaining()) {
            if (channel.write(all) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }

    private void await(int operation) throws IOException {
        key.interestOps(operation);
        long left = patience.minusNanos(System.nanoTime() - start).toMillis();
        if (left <= 0) {
            throw new SocketTimeoutException("not done after " + patience.toMillis() + " ms");
        }
        // Waking up for nothing is harmless: the caller tries, and comes back here.
        selector.select(left);
        selector.selectedKeys().clear();
    }
}
