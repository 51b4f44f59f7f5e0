package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * One datagram of a flow. It is never acknowledged and never sent again. The frame owns the payload.
 *
 * @param flow the stream that opened the association
 * @param context how the payload starts: 0 for a destination in front of the bytes
 * @param payload the bytes
 */
public record Datagram(long flow, long context, ByteBuf payload) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.DATAGRAM;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(flow) + VarInt.length(context) + payload.readableBytes();
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, flow);
        VarInt.write(out, context);
        out.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
    }

    @Override
    public void release() {
        payload.release();
    }

    /** Borrows {@code in}; the frame retains the payload. */
    static Datagram read(ByteBuf in) throws ProtocolException {
        long flow = VarInt.read(in);
        long context = VarInt.read(in);
        return new Datagram(flow, context, in.readRetainedSlice(in.readableBytes()));
    }
}
