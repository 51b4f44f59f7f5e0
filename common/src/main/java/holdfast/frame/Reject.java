package holdfast.frame;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * A stream is not served: nothing more is taken or sent for it. The opener answers with RESET, so that both ends agree on its final size.
 *
 * @param stream the stream
 * @param code what happened, for the SOCKS reply
 * @param text the same for a person, at most 512 bytes
 */
public record Reject(long stream, ErrorCode code, String text) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.REJECT;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(stream) + VarInt.length(code.code()) + Fields.textLength(text);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, stream);
        VarInt.write(out, code.code());
        Fields.writeText(out, text);
    }

    /** Borrows {@code in}. */
    static Reject read(ByteBuf in) throws ProtocolException {
        return new Reject(VarInt.read(in), ErrorCode.of(VarInt.read(in)), Fields.readText(in));
    }
}
