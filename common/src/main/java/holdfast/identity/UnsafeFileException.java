package holdfast.identity;

import java.io.IOException;

/** A file that has to be private is not. The message names the file, what was found and the command that mends it. */
public final class UnsafeFileException extends IOException {
    private static final long serialVersionUID = 1;

    UnsafeFileException(String message) {
        super(message);
    }
}
