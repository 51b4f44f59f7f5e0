package holdfast.mtatls.message;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Tells how long the data messages to this message's sender may be from now on.
 *
 * @param maxPacket in data bytes
 */
public record NewMaxPacketLength(ChannelId id, long maxPacket) implements Message {
    static final int TYPE = 7;

    public NewMaxPacketLength {
        Fields.requireUint32("max_packet_length", maxPacket);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int size() {
        return HEADER_BYTES + ChannelId.BYTES + 4;
    }

    @Override
    public void write(ByteBuf out) {
        Fields.header(out, this);
        Fields.id(out, id);
        out.writeInt((int) maxPacket);
    }

    static NewMaxPacketLength read(ByteBuf body) throws ProtocolException {
        return new NewMaxPacketLength(Fields.id(body), Fields.uint32(body, "max_packet_length"));
    }
}
