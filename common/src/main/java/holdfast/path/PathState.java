package holdfast.path;

/**
 * The life of a path.
 *
 * <pre>
 *   JOINING --answered--> UP --no progress--> SUSPECT --still none--> DEAD
 *                          ^------progress-------+
 *   any --end of file, RST, closed by either end--> DEAD
 * </pre>
 */
public enum PathState {
    JOINING,
    UP,
    SUSPECT,
    DEAD
}
