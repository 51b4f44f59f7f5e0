package holdfast.transport;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of a Unix-domain listener: left behind by a program that was killed, in the way of the next one. */
public final class UnixSocketFile {
    private UnixSocketFile() {}

    /**
     * Removes a socket's file that nobody listens at any more.
     *
     * @throws IOException if something else is there, or somebody listens
     */
    public static void clear(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
            throw new IOException("there is a file that is not a socket");
        }
        if (isServed(path)) {
            throw new IOException("another program listens there");
        }
        Files.deleteIfExists(path);
    }

    /** Keeps everybody but the owner from connecting. For the moment before, only the folder's permissions do. */
    public static void protect(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    private static boolean isServed(Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException refused) {
            return false;
        }
    }
}
