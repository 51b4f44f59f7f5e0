package holdfast.transport;

import holdfast.identity.PrivateFiles;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

/** The file of a Unix-domain listener: left behind by a program that was killed, in the way of the next one. */
public final class UnixSocketFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    // stat(2), st_mode.
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private UnixSocketFile() {}

    /**
     * Removes what a program like this one, that was killed, has left behind: a socket of this user and for nobody else, at which nobody listens.
     * May wait for somebody who does listen.
     *
     * @throws IOException if something else is there, or somebody listens
     */
    public static void clear(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        PosixFileAttributes there = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!isSocket(path)) {
            throw new IOException("there is a file that is not a socket");
        }
        if (isServed(path)) {
            throw new IOException("another program listens there");
        }
        boolean isOurs = there.permissions().equals(OWNER_ONLY) && PrivateFiles.belongsToThisUser(there);
        if (!isOurs) {
            throw new IOException("there is a socket that another program has left; remove it if nobody needs it");
        }
        Files.deleteIfExists(path);
    }

    /** Keeps everybody but the owner from connecting. For the moment before, only the folder's permissions do. */
    public static void protect(Path path) throws IOException {
        Files.setPosixFilePermissions(path, OWNER_ONLY);
    }

    /** Pipes and devices are neither files nor folders either. */
    private static boolean isSocket(Path path) throws IOException {
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & FILE_TYPE) == SOCKET;
    }

    private static boolean isServed(Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            // Whatever else is wrong, as with a socket for datagrams, does not mean that nobody is there.
            return !String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("refused");
        }
    }
}
