package holdfast.stream;

/**
 * The life of an outgoing half.
 *
 * <pre>
 *   OPEN --finish--> FINISHING --all bytes and the end acknowledged--> DELIVERED
 *     |                  |
 *     +------reset-------+--> RESET --acknowledged--> RESET_DELIVERED
 * </pre>
 */
public enum SendState {
    OPEN,
    FINISHING,
    DELIVERED,
    RESET,
    RESET_DELIVERED;

    /** Whether nothing remains to be sent or acknowledged. */
    public boolean isTerminal() {
        return this == DELIVERED || this == RESET_DELIVERED;
    }

    /** Whether the half was abandoned. */
    public boolean isReset() {
        return this == RESET || this == RESET_DELIVERED;
    }
}
