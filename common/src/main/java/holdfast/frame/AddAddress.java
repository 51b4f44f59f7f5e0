package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * A further address at which the gateway can be reached.
 *
 * @param address HOST:PORT
 */
public record AddAddress(String address) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.ADD_ADDRESS;
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
    static AddAddress read(ByteBuf in) throws ProtocolException {
        return new AddAddress(Fields.readText(in));
    }
}
