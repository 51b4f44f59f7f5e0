package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * How many bytes the peer may send on all streams together.
 *
 * @param limit absolute count, the largest ever said holds
 */
public record MaxData(long limit) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.MAX_DATA;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(limit);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, limit);
    }

    /** Borrows {@code in}. */
    static MaxData read(ByteBuf in) throws ProtocolException {
        return new MaxData(VarInt.read(in));
    }
}
