package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The gateway's conditions, from now on.
 *
 * @param sequence from 1, upwards; the last statement holds
 * @param words {@code key=value}
 */
public record Conditions(long sequence, List<String> words) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.CONDITIONS;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(sequence) + Fields.textsLength(words);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, sequence);
        Fields.writeTexts(out, words);
    }

    /** Borrows {@code in}. */
    static Conditions read(ByteBuf in) throws ProtocolException {
        return new Conditions(VarInt.read(in), Fields.readTexts(in));
    }
}
