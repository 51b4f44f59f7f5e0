package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * The client's answer to conditions.
 *
 * @param sequence of the conditions
 * @param accepted whether it goes on opening streams
 * @param text why not, for a person; else empty
 */
public record Agreed(long sequence, boolean accepted, String text) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.AGREED;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(sequence) + 1 + Fields.textLength(text);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, sequence);
        out.writeByte(accepted ? 1 : 0);
        Fields.writeText(out, text);
    }

    /** Borrows {@code in}. */
    static Agreed read(ByteBuf in) throws ProtocolException {
        return new Agreed(VarInt.read(in), Fields.readBytes(in, 1)[0] != 0, Fields.readText(in));
    }
}
