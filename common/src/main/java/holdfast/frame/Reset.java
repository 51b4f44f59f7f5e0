package holdfast.frame;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * The sender abandons its half of a stream.
 *
 * @param stream the stream
 * @param code why
 * @param finalSize bytes ever sent on this half, which count against the session's credit
 */
public record Reset(long stream, ErrorCode code, long finalSize) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.RESET;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(stream) + VarInt.length(code.code()) + VarInt.length(finalSize);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, stream);
        VarInt.write(out, code.code());
        VarInt.write(out, finalSize);
    }

    /** Borrows {@code in}. */
    static Reset read(ByteBuf in) throws ProtocolException {
        return new Reset(VarInt.read(in), ErrorCode.of(VarInt.read(in)), VarInt.read(in));
    }
}
