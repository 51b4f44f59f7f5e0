package holdfast.console;

import holdfast.identity.LockFile;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a running program can be asked, for {@code status}: a Unix-domain socket in its private home folder. A request is one line; the answer
 * is a line {@code ok} and the text, or a line {@code error} with the reason, and the end.
 *
 * <p>It also makes sure that only one program runs with a home: beside the socket lies a file whose lock lasts as long as the process, however
 * that ends. Who holds the lock may remove the socket of a process that is gone.
 */
public final class ControlSocket implements AutoCloseable {
    static final String OK = "ok\n";
    static final String ERROR = "error ";

    /** The longest request, in bytes with its line end. */
    static final int REQUEST_LIMIT = 1024;

    private static final Logger log = LoggerFactory.getLogger(ControlSocket.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Path path;
    private final ControlHandler handler;
    private final LockFile lock;
    private final ServerSocketChannel server;

    private ControlSocket(Path path, ControlHandler handler, LockFile lock, ServerSocketChannel server) {
        this.path = path;
        this.handler = handler;
        this.lock = lock;
        this.server = server;
    }

    /**
     * Starts to answer, on one daemon thread.
     *
     * @param program its name, for messages
     * @throws FatalException 73 if another process runs with this home or the socket cannot be made; 78 if its path is too long
     */
    public static ControlSocket open(String program, Path path, ControlHandler handler) {
        LockFile lock = lock(program, path);
        try {
            Files.deleteIfExists(path);
            ControlSocket socket = new ControlSocket(path, handler, lock, bind(path));
            Thread thread = new Thread(socket::serve, "control");
            thread.setDaemon(true);
            thread.start();
            return socket;
        } catch (IOException e) {
            closeQuietly(lock);
            throw new FatalException(
                    ExitCode.CANNOT_CREATE, "cannot make the status socket " + path + ": " + e.getMessage(), e);
        } catch (FatalException e) {
            closeQuietly(lock);
            throw e;
        }
    }

    /** Stops answering and removes the socket. */
    @Override
    public void close() {
        closeQuietly(server);
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            log.atDebug().addKeyValue("path", path).setCause(e).log("control.remains");
        }
        closeQuietly(lock);
    }

    private static LockFile lock(String program, Path path) {
        Path file = path.resolveSibling(path.getFileName() + ".lock");
        LockFile lock;
        try {
            lock = LockFile.tryTake(file);
        } catch (IOException e) {
            throw new FatalException(ExitCode.CANNOT_CREATE, "cannot lock " + file + ": " + e, e);
        }
        if (lock == null) {
            throw new FatalException(
                    ExitCode.CANNOT_CREATE,
                    "another " + program + " is running with the home " + path.getParent()
                            + ": end it, or give this one another --home");
        }
        return lock;
    }

    private static ServerSocketChannel bind(Path path) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > 103) {
            // 108 bytes with a closing zero on Linux, 104 on macOS: one limit, so that a home can move.
            throw new FatalException(
                    ExitCode.CONFIG,
                    "the path of the status socket has " + length
                            + " bytes, more than the 103 a system takes: use a shorter --home than "
                            + path.getParent());
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(address);
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            }
            return server;
        } catch (IOException e) {
            closeQuietly(server);
            throw e;
        }
    }

    private void serve() {
        while (server.isOpen()) {
            try (DeadlineChannel channel = new DeadlineChannel(server.accept(), PATIENCE)) {
                answer(channel);
            } catch (AsynchronousCloseException e) {
                return;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log.atDebug().setCause(e).log("control.failed");
                pause();
            }
        }
    }

    private void answer(DeadlineChannel channel) throws IOException {
        String request = request(channel);
        String answer;
        try {
            answer = OK + handler.answer(request);
        } catch (IllegalArgumentException e) {
            answer = ERROR + e.getMessage() + "\n";
        } catch (RuntimeException e) {
            log.atError().addKeyValue("command", request).setCause(e).log("control.fault");
            answer = ERROR + "a fault in the program: see its log\n";
        }
        channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
    }

    private static String request(DeadlineChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(REQUEST_LIMIT);
        while (true) {
            if (!buffer.hasRemaining()) {
                throw new IOException("a request of more than " + REQUEST_LIMIT + " bytes");
            }
            if (channel.read(buffer) < 0) {
                throw new IOException("a request without its end");
            }
            if (buffer.get(buffer.position() - 1) == '\n') {
                return new String(buffer.array(), 0, buffer.position() - 1, StandardCharsets.UTF_8);
            }
        }
    }

    /** Accepting may go on failing, out of file descriptors for example: not as fast as the processor can. */
    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void closeQuietly(@Nullable AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception e) {
            log.atDebug().setCause(e).log("control.close-failed");
        }
    }
}
