package holdfast.identity;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;

/** The user that files have to belong to. */
record Owner(UserPrincipal principal) {
    /** The user who runs this program. */
    static Owner ofThisProcess() throws IOException {
        // The system property user.name is "?" for a user id without a password entry, as containers and sandboxes have
        // them; the owner of
        // the process's own folder is always right.
        Path self = Path.of("/proc/self");
        if (Files.isDirectory(self)) {
            return new Owner(Files.getOwner(self));
        }
        return new Owner(FileSystems.getDefault()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(System.getProperty("user.name")));
    }

    boolean owns(PosixFileAttributes file) {
        return principal.equals(file.owner());
    }

    /** Whether the file is root's, who can change everything anyway. */
    static boolean isAdministrator(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                && Files.getAttribute(file, "unix:uid").equals(0);
    }

    String name() {
        return principal.getName();
    }
}
