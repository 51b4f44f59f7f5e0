package holdfast.frame;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * The sender has given a path up and reads it no more.
 *
 * @param path the path
 * @param received frame bytes the sender had received on it, a final count
 * @param code why
 */
public record PathClose(long path, long received, ErrorCode code) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.PATH_CLOSE;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(path) + VarInt.length(received) + VarInt.length(code.code());
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, path);
        VarInt.write(out, received);
        VarInt.write(out, code.code());
    }

    /** Borrows {@code in}. */
    static PathClose read(ByteBuf in) throws ProtocolException {
        return new PathClose(VarInt.read(in), VarInt.read(in), ErrorCode.of(VarInt.read(in)));
    }
}
