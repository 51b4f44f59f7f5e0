package holdfast.frame;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * The gateway does not take the HELLO, JOIN or ENROL that opened this path, and closes the path.
 *
 * @param code why
 * @param text the same for a person, at most 512 bytes
 */
public record Refused(ErrorCode code, String text) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.REFUSED;
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
    static Refused read(ByteBuf in) throws ProtocolException {
        return new Refused(ErrorCode.of(VarInt.read(in)), Fields.readText(in));
    }
}
