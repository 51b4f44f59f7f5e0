package holdfast.protocol;

/** Why a stream, a path or a session ended; the numbers are those of PROTOCOL.md, "Error codes". */
public enum ErrorCode {
    NONE(0),
    GENERAL_FAILURE(1),
    NOT_ALLOWED(2),
    NETWORK_UNREACHABLE(3),
    HOST_UNREACHABLE(4),
    CONNECTION_REFUSED(5),
    TIMED_OUT(6),
    KIND_NOT_SUPPORTED(7),
    ADDRESS_NOT_SUPPORTED(8),
    NAME_NOT_FOUND(9),
    CONNECTION_RESET(10),
    CANCELLED(11),
    LIMIT_REACHED(12),
    INTERNAL(13),
    ADDRESS_UNAVAILABLE(14),

    SESSION_GONE(32),
    UNKNOWN_KEY(33),
    ENROLMENT_REFUSED(34),
    VERSION_NOT_SUPPORTED(35),
    PROTOCOL_VIOLATION(36),
    FRAME_MALFORMED(37),
    FLOW_CONTROL_VIOLATION(38),
    SHUTDOWN(39),
    REVOKED(40),
    HOLD_EXPIRED(41),
    EVICTED(42),
    PATH_LOST(43),
    HANDSHAKE_TIMEOUT(44),
    SUPERSEDED(45),
    GATEWAY_UNREACHABLE(46);

    private static final ErrorCode[] BY_CODE = new ErrorCode[64];

    static {
        for (ErrorCode each : values()) {
            BY_CODE[each.code] = each;
        }
    }

    private final int code;

    ErrorCode(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The code with this number; {@link #GENERAL_FAILURE} for a number that this version does not know. */
    public static ErrorCode of(long code) {
        if (code < 0 || code >= BY_CODE.length) {
            return GENERAL_FAILURE;
        }
        ErrorCode found = BY_CODE[(int) code];
        return found == null ? GENERAL_FAILURE : found;
    }
}
