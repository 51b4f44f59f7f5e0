package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * The sender has bytes but no credit. Only a hint for window tuning.
 *
 * @param stream the stream plus one, or 0 for the session's credit
 * @param limit the limit it stands at
 */
public record Blocked(long stream, long limit) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.BLOCKED;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(stream) + VarInt.length(limit);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, stream);
        VarInt.write(out, limit);
    }

    /** Borrows {@code in}. */
    static Blocked read(ByteBuf in) throws ProtocolException {
        return new Blocked(VarInt.read(in), VarInt.read(in));
    }
}
