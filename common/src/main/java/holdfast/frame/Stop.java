package holdfast.frame;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * The sender takes no more bytes of a stream; the peer answers with RESET.
 *
 * @param stream the stream
 * @param code why
 */
public record Stop(long stream, ErrorCode code) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.STOP;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(stream) + VarInt.length(code.code());
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, stream);
        VarInt.write(out, code.code());
    }

    /** Borrows {@code in}. */
    static Stop read(ByteBuf in) throws ProtocolException {
        return new Stop(VarInt.read(in), ErrorCode.of(VarInt.read(in)));
    }
}
