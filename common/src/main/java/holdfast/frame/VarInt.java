package holdfast.frame;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/** Variable-length integers, 0 to 2^62 - 1, as in RFC 9000 section 16: the two highest bits of the first byte tell the length. */
public final class VarInt {
    public static final long MAX = (1L << 62) - 1;

    private VarInt() {}

    /** Bytes on the wire: 1, 2, 4 or 8. */
    public static int length(long value) {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException(value + " does not fit a variable-length integer");
        }
        if (value < 1 << 6) {
            return 1;
        }
        if (value < 1 << 14) {
            return 2;
        }
        return value < 1 << 30 ? 4 : 8;
    }

    /** Borrows {@code out}. */
    public static void write(ByteBuf out, long value) {
        switch (length(value)) {
            case 1 -> out.writeByte((int) value);
            case 2 -> out.writeShort((int) value | 0x4000);
            case 4 -> out.writeInt((int) value | 0x8000_0000);
            default -> out.writeLong(value | 0xc000_0000_0000_0000L);
        }
    }

    /** How many bytes the integer has that starts with this one. */
    static int lengthOf(int firstByte) {
        return 1 << ((firstByte & 0xff) >>> 6);
    }

    /**
     * Borrows {@code in}.
     *
     * @throws ProtocolException of session scope where the bytes end too early
     */
    public static long read(ByteBuf in) throws ProtocolException {
        if (!in.isReadable()) {
            throw truncated();
        }
        int length = lengthOf(in.getByte(in.readerIndex()));
        if (in.readableBytes() < length) {
            throw truncated();
        }
        return switch (length) {
            case 1 -> in.readByte() & 0x3f;
            case 2 -> in.readShort() & 0x3fff;
            case 4 -> in.readInt() & 0x3fff_ffff;
            default -> in.readLong() & MAX;
        };
    }

    private static ProtocolException truncated() {
        return ProtocolException.session(ErrorCode.FRAME_MALFORMED, "frame body ends inside an integer");
    }
}
