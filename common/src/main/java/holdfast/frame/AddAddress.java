package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * A further address at which the gateway can be reached.
 *
 * @param sequence of what is said of an address, that with the largest holds
 * @param address HOST:PORT
 */
public record AddAddress(long sequence, String address) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.ADD_ADDRESS;
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
    static AddAddress read(ByteBuf in) throws ProtocolException {
        return new AddAddress(VarInt.read(in), Fields.readText(in));
    }
}
