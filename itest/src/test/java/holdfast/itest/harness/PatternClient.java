package holdfast.itest.harness;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** The other end of a {@link PatternDestination}: one checked stream on one connected socket, which it closes at its end. */
public final class PatternClient implements AutoCloseable {
    private static final AtomicLong SEEDS = new AtomicLong(1);
    private static final int BLOCK = 64 * 1024;
    private static final int SEED_STEP = 7919;

    private final Socket socket;
    private final long seed = SEEDS.getAndIncrement() * SEED_STEP;
    private final InputStream in;
    private final OutputStream out;
    private long offset;
    private long length;

    public PatternClient(Socket connected) throws IOException {
        socket = connected;
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** Downloads this many bytes, checks each, and the end behind the last. */
    public void get(long bytes) throws IOException {
        beginGet(bytes);
        read(bytes);
        expectEnd();
        close();
    }

    /** Asks for a download and reads nothing yet; {@link #read} does. */
    public void beginGet(long bytes) throws IOException {
        begin(PatternDestination.GET, bytes);
    }

    /** Reads and checks this many further bytes of a download. */
    public void read(long bytes) throws IOException {
        byte[] block = new byte[(int) Math.min(BLOCK, bytes)];
        for (long left = bytes; left > 0; ) {
            int size = in.read(block, 0, (int) Math.min(block.length, left));
            if (size < 0) {
                throw new EOFException("a clean end after " + offset + " of " + length + " bytes");
            }
            Pattern.check(seed, offset, ByteBuffer.wrap(block, 0, size));
            offset += size;
            left -= size;
        }
    }

    /** Reads the end of a download that was read to its last byte. */
    public void expectEnd() throws IOException {
        if (in.read() >= 0) {
            throw new AssertionError("a byte too many after " + length);
        }
    }

    /** Uploads this many bytes, and takes the destination's word that each was right. */
    public void put(long bytes) throws IOException {
        beginPut(bytes);
        write(bytes);
        expectVerdict();
        close();
    }

    /** Announces an upload and sends nothing of it yet; {@link #write} does. */
    public void beginPut(long bytes) throws IOException {
        begin(PatternDestination.PUT, bytes);
    }

    /** Sends this many further bytes of an upload. */
    public void write(long bytes) throws IOException {
        byte[] block = new byte[(int) Math.min(BLOCK, bytes)];
        for (long left = bytes; left > 0; ) {
            ByteBuffer piece = Pattern.at(seed, offset, Math.min(block.length, left));
            int size = piece.remaining();
            piece.get(block, 0, size);
            out.write(block, 0, size);
            offset += size;
            left -= size;
        }
    }

    /** Reads the destination's answer to an upload that was sent to its last byte. */
    public void expectVerdict() throws IOException {
        long verdict = new DataInputStream(in).readLong();
        if (verdict != length) {
            throw new AssertionError("the destination got " + verdict + " of " + length + " bytes");
        }
    }

    /** Makes this an echo; {@link #ping} uses it. */
    public PatternClient beginEcho() throws IOException {
        begin(PatternDestination.ECHO, 0);
        return this;
    }

    /** One round trip of an echo with this many bytes, checked. */
    public void ping(int bytes) throws IOException {
        long start = offset;
        byte[] sent = new byte[bytes];
        for (int done = 0; done < bytes; ) {
            ByteBuffer piece = Pattern.at(seed, start + done, bytes - done);
            int size = piece.remaining();
            piece.get(sent, done, size);
            done += size;
        }
        out.write(sent);
        read(bytes);
    }

    public Socket socket() {
        return socket;
    }

    private void begin(long operation, long bytes) throws IOException {
        length = bytes;
        ByteBuffer request = ByteBuffer.allocate(PatternDestination.REQUEST_BYTES);
        request.putLong(operation).putLong(seed).putLong(bytes);
        out.write(request.array());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
