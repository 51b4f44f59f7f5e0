package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * How many streams the peer may open.
 *
 * @param limit count since the session began, the largest ever said holds
 */
public record MaxStreams(long limit) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.MAX_STREAMS;
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
    static MaxStreams read(ByteBuf in) throws ProtocolException {
        return new MaxStreams(VarInt.read(in));
    }
}
