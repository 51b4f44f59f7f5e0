package holdfast.server.users;

import holdfast.identity.LockFile;
import holdfast.identity.Pin;
import holdfast.identity.PrivateFiles;
import holdfast.identity.UserName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The users of a gateway: {@code users/NAME.keys} holds a user's keys, {@code users/NAME.groups} the groups he is in, an empty
 * {@code users/NAME.disabled} turns him away for now.
 *
 * <p>Several processes may use one directory at a time: the gateway reads again what has changed, and changes are made under a lock and in one
 * step. A file that others could have changed lets nobody in. Safe for all threads.
 */
public final class UserDirectory {
    private final Path folder;
    private final KnownUsers known;

    /**
     * Opens the directory, and makes it if there is none.
     *
     * @throws holdfast.identity.UnsafeFileException if others may write in the folder or a file of it
     */
    public UserDirectory(Path folder) throws IOException {
        PrivateFiles.createFolder(folder);
        this.folder = folder;
        this.known = KnownUsers.of(folder);
    }

    /**
     * What is wrong with the files in the folder of a directory, each with file, line and column. Reads them all.
     *
     * @throws IOException if the folder cannot be read
     */
    public static List<String> mistakes(Path folder) throws IOException {
        return Files.isDirectory(folder) ? FileMistakes.in(folder) : List.of();
    }

    /** The user whose key this is and who is not disabled, as the files are now. Looks at files. */
    public Optional<String> userOf(Pin key) throws IOException {
        known.refresh();
        return known.ownerOf(key);
    }

    /** As {@link #userOf}, as the files were at the last {@link #refresh}. Looks at no files: it may be called on an event loop. */
    public Optional<String> lastKnownUserOf(Pin key) {
        return known.ownerOf(key);
    }

    /**
     * Reads what has changed. Costs a look at each file where nothing has.
     *
     * @return whether anything has
     */
    public boolean refresh() throws IOException {
        return known.refresh();
    }

    /** All users, by name. */
    public List<User> users() throws IOException {
        known.refresh();
        return known.users();
    }

    public Optional<User> user(String name) throws IOException {
        return users().stream().filter(each -> each.name().equals(name)).findAny();
    }

    /**
     * Adds a key to a user, who becomes one by his first. Adding it again changes nothing.
     *
     * @param comment what the device calls itself
     * @return false if the user is disabled or the key belongs to somebody else
     */
    public boolean enrol(String user, Pin key, String comment, Instant now) throws IOException {
        return locked(() -> enrolLocked(user, key, comment, now));
    }

    /** Turns the user away for now, or lets him in again; false if there is no such user. */
    public boolean setDisabled(String user, boolean disabled) throws IOException {
        return locked(() -> {
            if (!Files.exists(KnownUsers.keys(folder, user))) {
                return false;
            }
            Path mark = KnownUsers.disabledMark(folder, user);
            if (disabled) {
                PrivateFiles.write(mark, "");
            } else {
                Files.deleteIfExists(mark);
            }
            return true;
        });
    }

    /** Forgets the user and all his keys; false if there is no such user. */
    public boolean remove(String user) throws IOException {
        return locked(() -> {
            boolean removed = Files.deleteIfExists(KnownUsers.keys(folder, user));
            Files.deleteIfExists(KnownUsers.disabledMark(folder, user));
            Files.deleteIfExists(KnownUsers.groups(folder, user));
            return removed;
        });
    }

    /** Takes one key away from a user, who stays; false if he does not have it. */
    public boolean removeKey(String user, Pin key) throws IOException {
        return locked(() -> UserFile.remove(KnownUsers.keys(folder, user), key));
    }

    /** Puts the user into a group; false if he is in it already. He need not have a key yet. */
    public boolean addToGroup(String user, String group) throws IOException {
        return locked(() -> GroupFile.add(KnownUsers.groups(folder, user), group));
    }

    /** Takes the user out of a group; false if his file does not name it. */
    public boolean removeFromGroup(String user, String group) throws IOException {
        return locked(() -> GroupFile.remove(KnownUsers.groups(folder, user), group));
    }

    /** Who is in which groups, as the files were at the last {@link #refresh}. Looks at no files. */
    public Map<String, Set<String>> lastKnownGroups() {
        Map<String, Set<String>> groups = new HashMap<>();
        known.users().stream()
                .filter(each -> !each.groups().isEmpty())
                .forEach(each -> groups.put(each.name(), each.groups()));
        return groups;
    }

    /** Does something while no other thread or process changes the directory; afterwards what is known is fresh. */
    <T> T locked(LockFile.Action<T> action) throws IOException {
        T result = LockFile.holding(folder.resolve(".lock"), action);
        known.refresh();
        return result;
    }

    /** {@link #enrol} for who holds the lock. */
    boolean enrolLocked(String user, Pin key, String comment, Instant now) throws IOException {
        UserName.require(user);
        if (!mayEnrol(user, key)) {
            return false;
        }
        if (!isListed(user, key)) {
            Path file = KnownUsers.keys(folder, user);
            UserFile.append(file, UserFile.text(file), Device.enrolling(key, comment, now));
        }
        return true;
    }

    /** Whether the user could have the key: he is not disabled, and it is nobody else's. For who holds the lock. */
    boolean mayEnrol(String user, Pin key) throws IOException {
        return users().stream().noneMatch(each -> each.name().equals(user) ? each.disabled() : each.has(key));
    }

    /** Whether the key is in the user's file. */
    boolean isListed(String user, Pin key) throws IOException {
        return user(user).filter(each -> each.has(key)).isPresent();
    }
}
