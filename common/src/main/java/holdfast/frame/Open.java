package holdfast.frame;

import holdfast.protocol.Destination;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.StreamKind;
import io.netty.buffer.ByteBuf;
import java.util.Map;

/**
 * Opens a stream. Its first bytes follow at once in DATA frames on the same path.
 *
 * @param stream an id not used before: even from the client, odd from the gateway
 * @param request what for
 * @param parameters the listener of the request, and what later versions may add
 */
public record Open(long stream, OpenRequest request, Parameters parameters) implements Frame {
    public Open(long stream, OpenRequest request) {
        this(
                stream,
                request,
                request.listener() == OpenRequest.NO_LISTENER
                        ? Parameters.NONE
                        : Parameters.of(Map.of(Parameters.LISTENER, request.listener())));
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
        Destination destination = Fields.readDestination(in);
        Parameters parameters = Parameters.read(in);
        long listener = parameters.get(Parameters.LISTENER, OpenRequest.NO_LISTENER);
        return new Open(stream, new OpenRequest(kind, destination, urgency, listener), parameters);
    }
}
