package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * An address at which the gateway is no longer reached; paths that are up stay up.
 *
 * @param sequence of what is said of an address, that with the largest holds
 * @param address HOST:PORT
 */
public record RemoveAddress(long sequence, String address) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.REMOVE_ADDRESS;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(sequence) + Fields.textLength(address);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, sequence);
        Fields.writeText(out, address);
    }

    /** Borrows {@code in}. */
    static RemoveAddress read(ByteBuf in) throws ProtocolException {
        return new RemoveAddress(VarInt.read(in), Fields.readText(in));
    }
}
