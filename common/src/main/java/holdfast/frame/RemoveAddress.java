package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * An address at which the gateway is no longer reached; paths that are up stay up.
 *
 * @param address HOST:PORT
 */
public record RemoveAddress(String address) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.REMOVE_ADDRESS;
    }

    @Override
    public int bodyLength() {
        return Fields.textLength(address);
    }

    @Override
    public void writeBody(ByteBuf out) {
        Fields.writeText(out, address);
    }

    /** Borrows {@code in}. */
    static RemoveAddress read(ByteBuf in) throws ProtocolException {
        return new RemoveAddress(Fields.readText(in));
    }
}
