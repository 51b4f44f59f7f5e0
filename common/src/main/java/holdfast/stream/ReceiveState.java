package holdfast.stream;

/**
 * The life of an incoming half.
 *
 * <pre>
 *   OPEN --all bytes and the end arrived--> COMPLETE --all read--> READ
 *     |                                         |
 *     +--RESET arrived--> RESET_RECEIVED <------+ (not after COMPLETE: everything is here, the reset comes too late)
 * </pre>
 */
public enum ReceiveState {
    OPEN,
    COMPLETE,
    READ,
    RESET_RECEIVED;

    /** Whether nothing more is expected from the peer or owed to the local side. */
    public boolean isTerminal() {
        return this == READ || this == RESET_RECEIVED;
    }
}
