package holdfast.frame;

import holdfast.protocol.Destination;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * The destination of a stream is reached.
 *
 * @param stream the stream
 * @param bound the address the destination is reached from
 */
public record Accept(long stream, Destination bound) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.ACCEPT;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(stream) + Fields.destinationLength(bound);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, stream);
        Fields.writeDestination(out, bound);
    }

    /** Borrows {@code in}. */
    static Accept read(ByteBuf in) throws ProtocolException {
        return new Accept(VarInt.read(in), Fields.readDestination(in));
    }
}
