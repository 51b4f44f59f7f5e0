package holdfast.frame;

import holdfast.protocol.OpenRequest;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.StreamKind;
import io.netty.buffer.ByteBuf;

/**
 * Opens a stream. Its first bytes follow at once in DATA frames on the same path.
 *
 * @param stream an id not used before: even from the client, odd from the gateway
 * @param request what for
 * @param parameters for later versions
 */
public record Open(long stream, OpenRequest request, Parameters parameters) implements Frame {
    public Open(long stream, OpenRequest request) {
        this(stream, request, Parameters.NONE);
    }

    @Override
    public FrameType type() {
        return FrameType.OPEN;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(stream) + 2 + Fields.destinationLength(request.destination()) + parameters.length();
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, stream);
        out.writeByte(request.kind().code());
        out.writeByte(request.urgency());
        Fields.writeDestination(out, request.destination());
        parameters.write(out);
    }

    /** Borrows {@code in}. */
    static Open read(ByteBuf in) throws ProtocolException {
        long stream = VarInt.read(in);
        Fields.requireReadable(in, 2);
        StreamKind kind = StreamKind.of(in.readUnsignedByte());
        int urgency = in.readUnsignedByte();
        if (urgency > 7) {
            throw Fields.malformed("urgency " + urgency + " is not between 0 and 7");
        }
        return new Open(stream, new OpenRequest(kind, Fields.readDestination(in), urgency), Parameters.read(in));
    }
}
