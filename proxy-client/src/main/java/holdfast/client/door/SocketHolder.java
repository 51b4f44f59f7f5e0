package holdfast.client.door;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds out whether a process has its end of a connection open, by the kernel's tables. What the system does not tell is no. */
public final class SocketHolder {
    private SocketHolder() {}

    /**
     * Whether the process has the program's end of the connection among its open files. May block.
     *
     * @param process its number
     */
    public static boolean holds(int process, InetSocketAddress program, InetSocketAddress door) {
        List<String> keys = SocketOwners.keys(program, door);
        SocketTable table = SocketTable.read(keys, false);
        for (String key : keys) {
            String inode = table.inodes().get(key);
            if (inode != null && hasOpen(process, "socket:[" + inode + "]")) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasOpen(int process, String file) {
        Path folder = Path.of("/proc", Integer.toString(process), "fd");
        try (DirectoryStream<Path> open = Files.newDirectoryStream(folder)) {
            for (Path each : open) {
                if (isLink(each, file)) {
                    return true;
                }
            }
        } catch (IOException gone) {
            // It has ended, or nobody may look into it.
        }
        return false;
    }

    private static boolean isLink(Path link, String to) {
        try {
            return Files.readSymbolicLink(link).toString().equals(to);
        } catch (IOException closed) {
            return false;
        }
    }
}
