package holdfast.server.users;

import holdfast.identity.FileStamp;
import holdfast.identity.Pin;
import holdfast.identity.UnsafeFileException;
import holdfast.identity.UserName;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the files of a {@link UserDirectory} said when they were last looked at. */
final class KnownUsers {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.users");
    private static final String KEYS = ".keys";
    private static final String DISABLED = ".disabled";
    private static final String GROUPS = ".groups";

    private final Path folder;
    /** Files whose content is known. One that could not be read is not among them, so that it is tried again. */
    private Map<Path, FileStamp> stamps = Map.of();

    private volatile Snapshot snapshot = new Snapshot(Map.of(), Map.of());

    private KnownUsers(Path folder) {
        this.folder = folder;
    }

    private record Snapshot(Map<String, User> users, Map<Pin, String> owners) {}

    /**
     * Reads the folder for the first time, strictly.
     *
     * @throws IOException also if a single file cannot be read
     */
    static KnownUsers of(Path folder) throws IOException {
        KnownUsers known = new KnownUsers(folder);
        for (Path file : known.look().keySet()) {
            if (known.userOf(file) != null) {
                UserFile.read(file);
            }
        }
        known.refresh();
        return known;
    }

    static Path keys(Path folder, String user) {
        return folder.resolve(UserName.require(user) + KEYS);
    }

    static Path disabledMark(Path folder, String user) {
        return folder.resolve(UserName.require(user) + DISABLED);
    }

    static Path groups(Path folder, String user) {
        return folder.resolve(UserName.require(user) + GROUPS);
    }

    List<User> users() {
        return List.copyOf(snapshot.users.values());
    }

    Optional<String> ownerOf(Pin key) {
        return Optional.ofNullable(snapshot.owners.get(key));
    }

    synchronized boolean refresh() throws IOException {
        Map<Path, FileStamp> found = look();
        if (found.equals(stamps)) {
            return false;
        }
        Map<String, User> users = new TreeMap<>();
        Map<Path, FileStamp> read = new HashMap<>();
        found.forEach((file, stamp) -> {
            String name = userOf(file);
            if (name == null) {
                read.put(file, stamp);
                return;
            }
            List<Device> devices = lastDevices(name);
            if (stamp.equals(stamps.get(file))) {
                read.put(file, stamp);
            } else {
                try {
                    devices = UserFile.read(file);
                    read.put(file, stamp);
                } catch (UnsafeFileException | NoSuchFileException e) {
                    refused(e);
                    devices = List.of();
                } catch (IOException e) {
                    // The system is out of descriptors, or the disk fails: no reason to turn somebody away.
                    refused(e);
                }
            }
            boolean disabled = found.containsKey(disabledMark(folder, name));
            users.put(name, new User(name, disabled, devices, groups(name, found, read)));
        });
        stamps = read;
        snapshot = new Snapshot(users, owners(users));
        return true;
    }

    /** The groups of a user. A file that cannot be read leaves those that were known. */
    private Set<String> groups(String user, Map<Path, FileStamp> found, Map<Path, FileStamp> read) {
        Path file = groups(folder, user);
        FileStamp stamp = found.get(file);
        User last = snapshot.users.get(user);
        Set<String> known = last == null ? Set.of() : last.groups();
        if (stamp == null) {
            return Set.of();
        }
        if (last != null && stamp.equals(stamps.get(file))) {
            return known;
        }
        try {
            return GroupFile.read(file);
        } catch (UnsafeFileException e) {
            refused(e);
            return Set.of();
        } catch (IOException e) {
            refused(e);
            read.remove(file);
            return known;
        }
    }

    private Map<Path, FileStamp> look() throws IOException {
        Map<Path, FileStamp> found = new HashMap<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, "*{" + KEYS + "," + DISABLED + "," + GROUPS + "}")) {
            for (Path file : files) {
                try {
                    found.put(file, FileStamp.of(file));
                } catch (NoSuchFileException e) {
                    LOG.atDebug().addKeyValue("file", file).log("users.file-went-away");
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    /** Whose keys the file holds; null if it is not a file of keys. */
    private @Nullable String userOf(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(KEYS)) {
            return null;
        }
        String user = name.substring(0, name.length() - KEYS.length());
        return UserName.isLegal(user) ? user : null;
    }

    private List<Device> lastDevices(String user) {
        User last = snapshot.users.get(user);
        return last == null ? List.of() : last.devices();
    }

    private static void refused(IOException reason) {
        LOG.atError().addKeyValue("reason", reason.getMessage()).log("users.file-refused");
    }

    private static Map<Pin, String> owners(Map<String, User> users) {
        Map<Pin, String> owners = new HashMap<>();
        for (User user : users.values()) {
            for (Device device : user.devices()) {
                String first = owners.putIfAbsent(device.key(), user.name());
                if (first != null && !first.equals(user.name())) {
                    LOG.atWarn()
                            .addKeyValue("key", device.key())
                            .addKeyValue("user", first)
                            .addKeyValue("ignored", user.name())
                            .log("users.key-of-two");
                }
            }
        }
        // Only now: a key of a disabled user must not become the next one's.
        users.values().stream()
                .filter(User::disabled)
                .forEach(user -> owners.values().removeIf(user.name()::equals));
        return owners;
    }
}
