package holdfast.protocol;

/**
 * A peer broke a rule of PROTOCOL.md. The scope says what has to end because of it: a stream, a path, or the session; an error of a smaller
 * scope never ends a larger one.
 *
 * <p>The message names the offending value and what was expected. There is no stack trace: the peer decides how often these are thrown.
 */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1;

    /** What the error ends. */
    public enum Scope {
        STREAM,
        PATH,
        SESSION
    }

    private final Scope scope;
    private final ErrorCode code;

    private ProtocolException(Scope scope, ErrorCode code, String message) {
        super(message, null, false, false);
        this.scope = scope;
        this.code = code;
    }

    public static ProtocolException path(ErrorCode code, String message) {
        return new ProtocolException(Scope.PATH, code, message);
    }

    public static ProtocolException session(ErrorCode code, String message) {
        return new ProtocolException(Scope.SESSION, code, message);
    }

    public static ProtocolException stream(ErrorCode code, String message) {
        return new ProtocolException(Scope.STREAM, code, message);
    }

    public Scope scope() {
        return scope;
    }

    public ErrorCode code() {
        return code;
    }
}
