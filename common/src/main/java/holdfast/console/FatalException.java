package holdfast.console;

import org.jspecify.annotations.Nullable;

/**
 * The program cannot go on. The message is for the person at the terminal: what is wrong and what mends it, in one line; no stack trace is
 * shown.
 */
public final class FatalException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ExitCode exitCode;

    public FatalException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public FatalException(ExitCode exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
