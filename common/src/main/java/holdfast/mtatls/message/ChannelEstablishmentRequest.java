package holdfast.mtatls.message;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Asks for a channel to a destination.
 *
 * @param sender the requesting end's half of the channel's identifier
 * @param window data bytes that the other end may send before it hears of more room
 * @param maxPacket the longest data message it may send, in data bytes
 * @param source where the program's connection came from, as text; may be empty
 * @param sourcePort its port; 0 where it is not told
 * @param destination an IPv4 or IPv6 address without brackets, or a name
 * @param destinationPort the destination's port
 */
public record ChannelEstablishmentRequest(
        int sender, long window, long maxPacket, String source, int sourcePort, String destination, int destinationPort)
        implements Message {
    static final int TYPE = 1;
    private static final int FIXED_BYTES = 2 + 4 + 4 + 2 + 2;

    public ChannelEstablishmentRequest {
        ChannelId.requireHalf(sender);
        Fields.requireUint32("sender_window_length", window);
        Fields.requireUint32("sender_max_packet_length", maxPacket);
        if (FIXED_BYTES + Fields.sizeOf(source) + Fields.sizeOf(destination) > ChannelId.LARGEST_HALF) {
            throw new IllegalArgumentException("source and destination are too long for one message");
        }
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int size() {
        return HEADER_BYTES + FIXED_BYTES + Fields.sizeOf(source) + Fields.sizeOf(destination);
    }

    @Override
    public void write(ByteBuf out) {
        Fields.header(out, this);
        out.writeShort(sender).writeInt((int) window).writeInt((int) maxPacket);
        Fields.writeText(out, source);
        out.writeShort(sourcePort);
        Fields.writeText(out, destination);
        out.writeShort(destinationPort);
    }

    static ChannelEstablishmentRequest read(ByteBuf body) throws ProtocolException {
        int sender = Fields.uint16(body, "sender_channel_id");
        long window = Fields.uint32(body, "sender_window_length");
        long maxPacket = Fields.uint32(body, "sender_max_packet_length");
        String source = Fields.text(body, "source_address_machine");
        int sourcePort = Fields.uint16(body, "source_port");
        String destination = Fields.text(body, "destination_address_machine");
        return new ChannelEstablishmentRequest(
                sender, window, maxPacket, source, sourcePort, destination, Fields.uint16(body, "destination_port"));
    }
}
