package holdfast.server.users;

import holdfast.identity.PrivateFiles;
import holdfast.identity.UserName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The text of a user's groups: one name a line, blank lines, and comments that start with {@code #}. */
final class GroupFile {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.users");
    private static final int LIMIT = 1 << 20;

    private GroupFile() {}

    /** The groups in the file. A line that is no name is reported and counts for nothing. */
    static Set<String> read(Path file) throws IOException {
        Set<String> groups = new TreeSet<>();
        int number = 0;
        for (String line : text(file).lines().toList()) {
            number++;
            String name = line.strip();
            if (UserName.isLegal(name)) {
                groups.add(name);
            } else if (!name.isEmpty() && !name.startsWith("#")) {
                LOG.atWarn()
                        .addKeyValue("place", file + ":" + number)
                        .addKeyValue("reason", "'" + name + "' is not a group's name")
                        .log("users.line-ignored");
            }
        }
        return groups;
    }

    /** Adds a group, keeping the rest as it is; false if it is there. */
    static boolean add(Path file, String group) throws IOException {
        String present = text(file);
        if (present.lines().anyMatch(line -> line.strip().equals(group))) {
            return false;
        }
        PrivateFiles.write(file, present + (present.isEmpty() || present.endsWith("\n") ? "" : "\n") + group + "\n");
        return true;
    }

    /** Takes a group out, keeping the rest as it is; false if it is not there. */
    static boolean remove(Path file, String group) throws IOException {
        StringBuilder rest = new StringBuilder();
        boolean found = false;
        for (String line : text(file).lines().toList()) {
            if (line.strip().equals(group)) {
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

    private static String text(Path file) throws IOException {
        return Files.exists(file) ? PrivateFiles.readTrusted(file, LIMIT) : "";
    }
}
