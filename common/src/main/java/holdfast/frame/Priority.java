package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Changes the urgency of a stream.
 *
 * @param stream the stream
 * @param sequence the largest wins
 * @param urgency 0 (first) to 7 (last)
 */
public record Priority(long stream, long sequence, long urgency) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.PRIORITY;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(stream) + VarInt.length(sequence) + VarInt.length(urgency);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, stream);
        VarInt.write(out, sequence);
        VarInt.write(out, urgency);
    }

    /** Borrows {@code in}. */
    static Priority read(ByteBuf in) throws ProtocolException {
        return new Priority(VarInt.read(in), VarInt.read(in), VarInt.read(in));
    }
}
