package holdfast.frame;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Bytes of a stream at an absolute offset; DATA_FIN where they are its last. The frame owns the payload.
 *
 * @param stream the stream
 * @param offset of the first byte
 * @param fin whether the stream's half ends behind these bytes
 * @param payload the bytes, may be none
 */
public record Data(long stream, long offset, boolean fin, ByteBuf payload) implements Frame {
    /** The longest header and the two integers, in bytes: what a frame costs beside its payload at most. */
    public static final int MAX_OVERHEAD = HEADER_LENGTH + 8 + 8;

    /** The longest payload of one frame, in bytes: as much as is read from a fast socket at once. It is handed on in pieces, so length costs nobody memory. */
    public static final int LONGEST_PAYLOAD = 262_144;

    /** The longest DATA frame, header and body, in bytes. */
    public static final int LONGEST = LONGEST_PAYLOAD + MAX_OVERHEAD;

    static final int LONGEST_BODY = LONGEST - HEADER_LENGTH;

    /** What a frame of this stream costs beside its payload, in bytes. */
    public static int overhead(long stream, long offset) {
        return HEADER_LENGTH + VarInt.length(stream) + VarInt.length(offset);
    }

    @Override
    public FrameType type() {
        return fin ? FrameType.DATA_FIN : FrameType.DATA;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(stream) + VarInt.length(offset) + payload.readableBytes();
    }

    @Override
    public int longestBody() {
        return LONGEST_BODY;
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, stream);
        VarInt.write(out, offset);
        out.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
    }

    @Override
    public void release() {
        payload.release();
    }

    /** The offset behind the last byte. */
    public long end() {
        return offset + payload.readableBytes();
    }

    static void requireOffsets(long offset, int length) throws ProtocolException {
        if (offset + length > VarInt.MAX) {
            throw ProtocolException.session(
                    ErrorCode.FLOW_CONTROL_VIOLATION,
                    "DATA ends at " + (offset + length) + ", beyond the largest offset");
        }
    }
}
