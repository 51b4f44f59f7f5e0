package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * The key by which the gateway will be known.
 *
 * @param sequence of all that is said, that with the largest holds
 * @param pin its pin as text, 43 characters
 */
public record NextKey(long sequence, String pin) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.NEXT_KEY;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(sequence) + Fields.textLength(pin);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, sequence);
        Fields.writeText(out, pin);
    }

    /** Borrows {@code in}. */
    static NextKey read(ByteBuf in) throws ProtocolException {
        return new NextKey(VarInt.read(in), Fields.readText(in));
    }
}
