package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * No further streams are taken; those that are open may finish.
 *
 * @param lastStream the highest stream of the peer that is served, plus one; 0 for none
 * @param deadlineMillis how long streams have
 * @param gateways other gateways, as HOST:PORT
 */
public record GoAway(long lastStream, long deadlineMillis, List<String> gateways) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.GOAWAY;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(lastStream) + VarInt.length(deadlineMillis) + Fields.textsLength(gateways);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, lastStream);
        VarInt.write(out, deadlineMillis);
        Fields.writeTexts(out, gateways);
    }

    /** Borrows {@code in}. */
    static GoAway read(ByteBuf in) throws ProtocolException {
        return new GoAway(VarInt.read(in), VarInt.read(in), Fields.readTexts(in));
    }
}
