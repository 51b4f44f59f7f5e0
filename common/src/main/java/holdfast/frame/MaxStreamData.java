package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * How far the peer may send on a stream.
 *
 * @param stream the stream
 * @param limit absolute offset, the largest ever said holds
 */
public record MaxStreamData(long stream, long limit) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.MAX_STREAM_DATA;
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
    static MaxStreamData read(ByteBuf in) throws ProtocolException {
        return new MaxStreamData(VarInt.read(in), VarInt.read(in));
    }
}
