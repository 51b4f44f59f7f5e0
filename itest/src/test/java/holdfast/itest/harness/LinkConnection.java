package holdfast.itest.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection over a {@link FlakyLink}: for each direction a thread that takes bytes in and one that passes them on when the weather allows. */
final class LinkConnection {
    private static final int CHUNK = 16 * 1024;
    private static final int QUEUED_CHUNKS = 16;
    private static final int LOOK_MILLIS = 100;
    private static final ByteBuffer END = ByteBuffer.allocate(0);

    private final Socket client;
    private final Socket gateway;
    private final FlakyLink link;
    private final AtomicInteger openHalves = new AtomicInteger(2);
    private volatile boolean over;
    private volatile boolean stranded;

    LinkConnection(Socket client, Socket gateway, FlakyLink link) throws IOException {
        this.client = client;
        this.gateway = gateway;
        this.link = link;
        client.setTcpNoDelay(true);
        gateway.setTcpNoDelay(true);
    }

    /** Bytes, or {@link #END} of the half, with the time they came. */
    private record Chunk(ByteBuffer bytes, long cameAt) {}

    void start() {
        convey(client, gateway, link.line(FlakyLink.Direction.TO_GATEWAY));
        convey(gateway, client, link.line(FlakyLink.Direction.TO_CLIENT));
    }

    private void convey(Socket from, Socket to, Line line) {
        BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(QUEUED_CHUNKS);
        Daemon.THREADS.execute(() -> takeIn(from, queue));
        Daemon.THREADS.execute(() -> passOn(queue, to, line));
    }

    private void takeIn(Socket from, BlockingQueue<Chunk> queue) {
        try {
            InputStream in = from.getInputStream();
            byte[] block = new byte[CHUNK];
            for (int size = in.read(block); size >= 0; size = in.read(block)) {
                put(queue, ByteBuffer.wrap(Arrays.copyOf(block, size)));
            }
            if (over || stranded) {
                halfIsOver();
            } else {
                put(queue, END);
            }
        } catch (IOException wasReset) {
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void put(BlockingQueue<Chunk> queue, ByteBuffer bytes) throws InterruptedException {
        Chunk chunk = new Chunk(bytes, System.nanoTime());
        while (!over && !queue.offer(chunk, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            // the link is slow; look now and then whether it still is a link
        }
    }

    private void passOn(BlockingQueue<Chunk> queue, Socket to, Line line) {
        try {
            OutputStream out = to.getOutputStream();
            while (!over) {
                Chunk chunk = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (chunk == null) {
                    continue;
                }
                if (chunk.bytes.hasRemaining()) {
                    passOn(chunk, out, line);
                } else {
                    line.pass(0, chunk.cameAt, () -> over);
                    finish(to);
                    return;
                }
            }
        } catch (IOException wasReset) {
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void passOn(Chunk chunk, OutputStream out, Line line) throws IOException, InterruptedException {
        ByteBuffer bytes = chunk.bytes;
        while (bytes.hasRemaining() && !over && !stranded) {
            byte[] piece = new byte[link.pieceSize(bytes.remaining())];
            bytes.get(piece);
            Line.Admission admitted = line.pass(piece.length, chunk.cameAt, () -> over);
            out.write(piece, 0, admitted.bytes());
            if (admitted.cut()) {
                reset();
            }
        }
    }

    private void finish(Socket to) throws IOException {
        if (!over && !stranded) {
            to.shutdownOutput();
            halfIsOver();
        }
    }

    private void halfIsOver() throws IOException {
        if (openHalves.decrementAndGet() == 0) {
            over = true;
            client.close();
            gateway.close();
            link.over(this);
        }
    }

    void reset() {
        over = true;
        reset(client);
        reset(gateway);
        link.over(this);
    }

    /** Takes everything in from now on and passes nothing on, neither bytes nor an end. */
    void strand() {
        stranded = true;
    }

    /** Sends FIN both ways now. What still comes is dropped, so that no RST follows the FIN, until both ends have finished too. */
    void finish() {
        try {
            over = true;
            client.shutdownOutput();
            gateway.shutdownOutput();
        } catch (IOException alreadyOver) {
            reset();
        }
    }

    /** Closes a socket so that its peer sees RST. */
    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException alreadyOver) {
            // closed is closed
        }
    }
}
