package holdfast.client.socks;

import holdfast.protocol.ErrorCode;

/** The reply codes of SOCKS5 (RFC 1928 section 6). */
enum SocksReply {
    SUCCEEDED(0),
    GENERAL_FAILURE(1),
    NOT_ALLOWED(2),
    NETWORK_UNREACHABLE(3),
    HOST_UNREACHABLE(4),
    CONNECTION_REFUSED(5),
    TTL_EXPIRED(6),
    COMMAND_NOT_SUPPORTED(7),
    ADDRESS_TYPE_NOT_SUPPORTED(8);

    private final int code;

    SocksReply(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** The reply that comes nearest to what happened. Programs show "TTL expired" as a timeout. */
    static SocksReply of(ErrorCode code) {
        return switch (code) {
            case NONE -> SUCCEEDED;
            case NOT_ALLOWED -> NOT_ALLOWED;
            case NETWORK_UNREACHABLE -> NETWORK_UNREACHABLE;
            case HOST_UNREACHABLE, NAME_NOT_FOUND -> HOST_UNREACHABLE;
            case CONNECTION_REFUSED -> CONNECTION_REFUSED;
            case TIMED_OUT -> TTL_EXPIRED;
            case KIND_NOT_SUPPORTED -> COMMAND_NOT_SUPPORTED;
            case ADDRESS_NOT_SUPPORTED -> ADDRESS_TYPE_NOT_SUPPORTED;
            default -> GENERAL_FAILURE;
        };
    }
}
