package holdfast.client.config;

import holdfast.client.opening.Credentials;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.identity.PrivateFiles;
import holdfast.identity.UnsafeFileException;
import java.io.IOException;
import java.nio.file.Path;

/** The file of {@code --password-file}: one line {@code USER:PASSWORD}. A file, because an argument can be seen by every user of the machine. */
public final class PasswordFile {
    private static final int FILE_LIMIT = 1024;

    private PasswordFile() {}

    /**
     * Reads the file.
     *
     * @throws FatalException 78 if it is missing or holds something else
     * @throws UnsafeFileException if others may read it
     */
    public static Credentials read(Path file) throws IOException {
        try {
            String line = PrivateFiles.read(file, FILE_LIMIT).strip();
            int colon = line.indexOf(':');
            if (colon < 0 || line.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("one line USER:PASSWORD is expected");
            }
            return new Credentials(line.substring(0, colon), line.substring(colon + 1));
        } catch (UnsafeFileException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new FatalException(
                    ExitCode.CONFIG, "cannot take the password from " + file + ": " + e.getMessage(), e);
        }
    }
}
