package holdfast.protocol;

/** What the acceptor of an OPEN is asked to make (PROTOCOL.md section 3, OPEN). */
public enum StreamKind {
    /** Connect to the destination by TCP. */
    TCP(0),
    /** Make a UDP association; datagrams travel in DATAGRAM frames beside the stream. */
    UDP(1),
    /** Listen for one connection from the destination and hand it over as a stream of its own. */
    BIND(2),
    /** Resolve a name. */
    RESOLVE(3),
    /** Carry another session's path to a further gateway. */
    GATEWAY(4),
    /** Listen at the destination and hand each connection over as a stream of its own. */
    LISTEN(5),
    /** Take over a connection that came to a listener, from the destination. */
    FORWARDED(6);

    private static final StreamKind[] BY_CODE = values();

    private final int code;

    StreamKind(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /**
     * The kind with this number on the wire.
     *
     * @throws ProtocolException of session scope, code {@link ErrorCode#FRAME_MALFORMED}, where there is none
     */
    public static StreamKind of(long code) throws ProtocolException {
        if (code < 0 || code >= BY_CODE.length) {
            throw ProtocolException.session(ErrorCode.FRAME_MALFORMED, "stream kind " + code + " is not known");
        }
        return BY_CODE[(int) code];
    }
}
