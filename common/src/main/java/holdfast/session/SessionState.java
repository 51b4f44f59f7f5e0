package holdfast.session;

/**
 * The life of a session.
 *
 * <pre>
 *   NEW --HELLO_OK--> ACTIVE <--last path lost / path joined--> DETACHED
 *    any --SESSION_CLOSE, refused, hold over, error--> CLOSED
 * </pre>
 */
public enum SessionState {
    NEW,
    ACTIVE,
    DETACHED,
    CLOSED
}
