package holdfast.client.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Whose programs may use listeners that ask for no password: those of the user who runs this one, root's, and those of the users named.
 *
 * @param everybody whether nobody is kept out
 * @param uids the users' numbers
 */
public record AllowedUsers(boolean everybody, Set<Integer> uids) {
    private static final Path SELF = Path.of("/proc/self");
    private static final Path USERS = Path.of("/etc/passwd");
    private static final String ALL = "all";
    private static final int ROOT = 0;

    public AllowedUsers {
        uids = Set.copyOf(uids);
    }

    /**
     * The user who runs this program, root, and these: names of {@code /etc/passwd}, numbers, or {@code all}.
     *
     * @throws IllegalArgumentException if there is no user of a name
     */
    public static AllowedUsers of(Collection<String> names) {
        Set<Integer> uids = new HashSet<>();
        boolean everybody = names.contains(ALL);
        for (String name : names) {
            if (!name.equals(ALL)) {
                uids.add(uid(name));
            }
        }
        try {
            uids.add((Integer) Files.getAttribute(SELF, "unix:uid"));
            uids.add(ROOT);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // A system without /proc does not tell whose a connection is, either.
            everybody = true;
        }
        return new AllowedUsers(everybody, uids);
    }

    /** Whether it makes a difference who somebody is. */
    boolean canBeTold() {
        return !everybody;
    }

    boolean contains(int uid) {
        return everybody || uids.contains(uid);
    }

    private static int uid(String name) {
        if (!name.isEmpty() && name.length() <= 9 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Integer.parseInt(name);
        }
        try {
            for (String line : Files.readAllLines(USERS)) {
                String[] fields = line.split(":", -1);
                if (fields.length > 2 && fields[0].equals(name)) {
                    return Integer.parseInt(fields[2]);
                }
            }
        } catch (IOException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + name + "' cannot be looked up in " + USERS + ": " + e, e);
        }
        throw new IllegalArgumentException(
                "there is no user '" + name + "' in " + USERS + "; write a name of one, a user's number, or all");
    }
}
