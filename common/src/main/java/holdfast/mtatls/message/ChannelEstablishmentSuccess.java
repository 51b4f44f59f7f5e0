package holdfast.mtatls.message;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Grants a channel.
 *
 * @param id the requesting end's half as it came, and the granting end's
 * @param window data bytes that the requesting end may send before it hears of more room
 * @param maxPacket the longest data message it may send, in data bytes
 */
public record ChannelEstablishmentSuccess(ChannelId id, long window, long maxPacket) implements Message {
    static final int TYPE = 2;

    public ChannelEstablishmentSuccess {
        Fields.requireUint32("receiver_window_length", window);
        Fields.requireUint32("receiver_max_packet_length", maxPacket);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int size() {
        return HEADER_BYTES + ChannelId.BYTES + 4 + 4;
    }

    @Override
    public void write(ByteBuf out) {
        Fields.header(out, this);
        Fields.id(out, id);
        out.writeInt((int) window).writeInt((int) maxPacket);
    }

    static ChannelEstablishmentSuccess read(ByteBuf body) throws ProtocolException {
        return new ChannelEstablishmentSuccess(
                Fields.id(body),
                Fields.uint32(body, "receiver_window_length"),
                Fields.uint32(body, "receiver_max_packet_length"));
    }
}
