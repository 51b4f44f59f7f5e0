package holdfast.frame;

import org.jspecify.annotations.Nullable;

/** The type byte of a frame, PROTOCOL.md section 3. */
public enum FrameType {
    PADDING(0x00),
    PING(0x01),
    PONG(0x02),
    PATH_ACK(0x03),
    HELLO(0x04),
    HELLO_OK(0x05),
    JOIN(0x06),
    JOIN_OK(0x07),
    ENROL(0x08),
    ENROL_OK(0x09),
    REFUSED(0x0a),

    OPEN(0x10),
    ACCEPT(0x11),
    REJECT(0x12),
    DATA(0x13),
    DATA_FIN(0x14),
    RESET(0x15),
    STOP(0x16),

    MAX_STREAM_DATA(0x20),
    MAX_DATA(0x21),
    MAX_STREAMS(0x22),
    BLOCKED(0x23),

    PRIORITY(0x30),
    DATAGRAM(0x31),
    ADD_ADDRESS(0x32),
    REMOVE_ADDRESS(0x33),
    PATH_STATUS(0x34),
    PATH_CLOSE(0x35),
    GOAWAY(0x36),
    SESSION_CLOSE(0x37),
    NEXT_KEY(0x38),

    CONDITIONS(0x40),
    AGREED(0x41);

    private static final @Nullable FrameType[] BY_CODE = new FrameType[256];

    static {
        for (FrameType each : values()) {
            BY_CODE[each.code] = each;
        }
    }

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    /** The byte on the wire. */
    public int code() {
        return code;
    }

    /** The type with this byte, or null where this version knows none. */
    static @Nullable FrameType of(int code) {
        return BY_CODE[code & 0xff];
    }

    /** Whether an unknown type is an extension to be skipped rather than an error. */
    static boolean isExtension(int code) {
        return code >= 0x40 && code <= 0x7f;
    }
}
