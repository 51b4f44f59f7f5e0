package holdfast.server.users;

import holdfast.identity.Pin;
import holdfast.identity.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The text of a user's keys: one {@link Device} a line, blank lines, and comments that start with {@code #}. */
final class UserFile {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.users");
    private static final int LIMIT = 1 << 20;

    private UserFile() {}

    /** The keys in the file. A line that cannot be read lets nobody in; it is reported and the others count. */
    static List<Device> read(Path file) throws IOException {
        List<Device> devices = new ArrayList<>();
        int number = 0;
        for (String line : PrivateFiles.readTrusted(file, LIMIT).lines().toList()) {
            number++;
            if (line.isBlank() || line.stripLeading().startsWith("#")) {
                continue;
            }
            try {
                devices.add(Device.parse(line));
            } catch (IllegalArgumentException e) {
                LOG.atWarn()
                        .addKeyValue("place", file + ":" + number)
                        .addKeyValue("reason", e.getMessage())
                        .log("users.line-ignored");
            }
        }
        return devices;
    }

    /** Adds a line, keeping the others as they are. */
    static void append(Path file, String present, Device device) throws IOException {
        String separator = present.isEmpty() || present.endsWith("\n") ? "" : "\n";
        PrivateFiles.write(file, present + separator + device.line() + "\n");
    }

    /** Takes out the lines of a key, keeping the others as they are; false if there is none. */
    static boolean remove(Path file, Pin key) throws IOException {
        StringBuilder rest = new StringBuilder();
        boolean found = false;
        for (String line : text(file).lines().toList()) {
            if (isOf(line, key)) {
                found = true;
            } else {
                rest.append(line).append('\n');
            }
        }
        if (found) {
            PrivateFiles.write(file, rest.toString());
        }
        return found;
    }

    private static boolean isOf(String line, Pin key) {
        try {
            return Device.parse(line).key().equals(key);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The file's text, empty if there is none. */
    static String text(Path file) throws IOException {
        return Files.exists(file) ? PrivateFiles.readTrusted(file, LIMIT) : "";
    }
}
