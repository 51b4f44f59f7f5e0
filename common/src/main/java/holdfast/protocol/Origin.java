package holdfast.protocol;

/** Which end noticed an error or asked for an end. */
public enum Origin {
    LOCAL,
    REMOTE
}
