package holdfast.client.pipe;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Carries two channels' bytes over one connection until both directions have ended. Each ends by itself: the end of the input becomes FIN, FIN becomes the end
 * of the output.
 */
public final class Pipe {
    private static final int BUFFER_BYTES = 64 * 1024;

    private Pipe() {}

    /**
     * Returns when both directions have ended in order.
     *
     * @param in closed by whoever writes it
     * @param out closed at the connection's end
     * @throws FatalException 69 if the connection breaks, so that nobody takes what came for everything
     */
    public static void run(ReadableByteChannel in, WritableByteChannel out, SocketChannel connection)
            throws InterruptedException {
        FutureTask<Void> up = new FutureTask<>(() -> {
            copy(in, connection);
            connection.shutdownOutput();
            return null;
        });
        Thread thread = new Thread(up, "up");
        // It may sit in a read of the input that nothing ends.
        thread.setDaemon(true);
        thread.start();
        try {
            copy(connection, out);
            out.close();
            up.get();
        } catch (IOException e) {
            throw broken(e);
        } catch (ExecutionException e) {
            throw broken(e.getCause() == null ? e : e.getCause());
        }
    }

    private static FatalException broken(Throwable cause) {
        return new FatalException(ExitCode.UNAVAILABLE, "the connection broke: " + cause.getMessage(), cause);
    }

    private static void copy(ReadableByteChannel from, WritableByteChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        while (from.read(buffer.clear()) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
        }
    }
}
