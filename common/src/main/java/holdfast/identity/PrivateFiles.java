package holdfast.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Files and folders that only the user who runs the program may read or write: folders 0700, files 0600.
 *
 * <p>What exists already is checked instead of mended, as ssh does: somebody who finds a key open to others has to know that it was. Where the
 * file system has no POSIX permissions (Windows) the folder's inherited access list is all there is, and nothing is checked.
 */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");

    private PrivateFiles() {}

    /**
     * Makes the folder, and those above it that are missing, with mode 0700; one that exists is checked.
     *
     * @throws UnsafeFileException if it exists and others may enter it, or it belongs to somebody else
     * @throws IOException if it cannot be made
     */
    public static void createFolder(Path folder) throws IOException {
        if (Files.exists(folder)) {
            requirePrivateFolder(folder);
            return;
        }
        Files.createDirectories(folder, attributes(folder, FOLDER_MODE));
    }

    /**
     * Replaces the file's content in one step: a reader, or the machine after a power failure, finds the old content or the new one.
     *
     * @throws IOException if it cannot be written; nothing is left behind then
     */
    public static void write(Path file, byte[] content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is not a file in a folder");
        }
        Path fresh = folder.resolve("." + file.getFileName() + "." + randomSuffix() + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), fileAttributes(folder))) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        syncFolder(folder);
    }

    /** As {@link #write(Path, byte[])}, in UTF-8. */
    public static void write(Path file, String content) throws IOException {
        write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The content of a private file, as UTF-8 text.
     *
     * @param limit the most bytes it may have
     * @throws NoSuchFileException if there is none
     * @throws UnsafeFileException if others may read or write it, or it belongs to somebody else
     * @throws IOException if it is larger, is not UTF-8, or cannot be read
     */
    public static String read(Path file, int limit) throws IOException {
        requirePrivate(file);
        return readAll(file, limit);
    }

    /**
     * The content of a file that others may read but not write, as UTF-8 text: a config says nothing secret, but decides who may do what. It
     * may also belong to the administrator.
     *
     * @param limit the most bytes it may have
     * @throws NoSuchFileException if there is none
     * @throws UnsafeFileException if others may write it, or it belongs to another ordinary user
     * @throws IOException if it is larger, is not UTF-8, or cannot be read
     */
    public static String readTrusted(Path file, int limit) throws IOException {
        requireRegular(file);
        checkTrusted(file, Owner.ofThisProcess());
        return readAll(file, limit);
    }

    private static String readAll(Path file, int limit) throws IOException {
        long size = Files.size(file);
        if (size > limit) {
            throw new IOException(file + " has " + size + " bytes, more than the " + limit + " that make sense");
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not text in UTF-8", e);
        }
    }

    /**
     * Checks that the file is one, is ours, and that nobody else may read or write it.
     *
     * @throws NoSuchFileException if there is none
     */
    public static void requirePrivate(Path file) throws IOException {
        requireRegular(file);
        check(file, Owner.ofThisProcess());
    }

    /** Checks that the folder is one, is ours, and that nobody else may enter it. */
    public static void requirePrivateFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        check(folder, Owner.ofThisProcess());
    }

    /** Whether a file is of the user who runs this program. */
    public static boolean belongsToThisUser(PosixFileAttributes file) throws IOException {
        return Owner.ofThisProcess().owns(file);
    }

    /** The check behind both, against any owner; symbolic links are followed, what counts is what would be read. */
    static void check(Path path, Owner expected) throws IOException {
        if (!hasPosixModes(path.getFileSystem())) {
            return;
        }
        PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class);
        if (!expected.owns(found)) {
            throw notOurs(path, found, expected);
        }
        if (!FOLDER_MODE.containsAll(found.permissions())) {
            throw new UnsafeFileException(
                    path + " is open to other users of this machine (mode " + octal(found.permissions())
                            + "): run  chmod " + (found.isDirectory() ? "700 " : "600 ") + quoted(path));
        }
    }

    static void checkTrusted(Path path, Owner expected) throws IOException {
        if (!hasPosixModes(path.getFileSystem())) {
            return;
        }
        PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class);
        if (!expected.owns(found) && !Owner.isAdministrator(path)) {
            throw notOurs(path, found, expected);
        }
        if (found.permissions().contains(PosixFilePermission.GROUP_WRITE)
                || found.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new UnsafeFileException(path + " can be changed by other users of this machine (mode "
                    + octal(found.permissions()) + "): run  chmod go-w " + quoted(path));
        }
    }

    private static UnsafeFileException notOurs(Path path, PosixFileAttributes found, Owner expected) {
        return new UnsafeFileException(
                path + " belongs to user " + found.owner().getName() + ", not to " + expected.name()
                        + " who runs this program: run  chown " + expected.name() + " " + quoted(path));
    }

    private static void requireRegular(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw new UnsafeFileException(file + " is not a regular file");
        }
    }

    /** What a new private file is made with. */
    static FileAttribute<?>[] fileAttributes(Path file) {
        return attributes(file, FILE_MODE);
    }

    /** The permissions as chmod takes them, for example 0644. */
    static String octal(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (char each : PosixFilePermissions.toString(permissions).toCharArray()) {
            mode = mode << 1 | (each == '-' ? 0 : 1);
        }
        return String.format(Locale.ROOT, "%04o", mode);
    }

    private static String quoted(Path path) {
        String text = path.toString();
        boolean plain = text.chars().allMatch(c -> Character.isLetterOrDigit(c) || "/._-+@:,".indexOf(c) >= 0);
        return plain ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> mode) {
        return hasPosixModes(path.getFileSystem())
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
                : new FileAttribute<?>[0];
    }

    private static boolean hasPosixModes(FileSystem fileSystem) {
        return fileSystem.supportedFileAttributeViews().contains("posix");
    }

    private static void syncFolder(Path folder) throws IOException {
        if (!hasPosixModes(folder.getFileSystem())) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String randomSuffix() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
