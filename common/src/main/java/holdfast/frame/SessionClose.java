package holdfast.frame;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * The session is over, and with it every stream and path.
 *
 * @param code why
 * @param text the same for a person, at most 512 bytes
 */
public record SessionClose(ErrorCode code, String text) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.SESSION_CLOSE;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(code.code()) + Fields.textLength(text);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, code.code());
        Fields.writeText(out, text);
    }

    /** Borrows {@code in}. */
    static SessionClose read(ByteBuf in) throws ProtocolException {
        return new SessionClose(ErrorCode.of(VarInt.read(in)), Fields.readText(in));
    }
}
