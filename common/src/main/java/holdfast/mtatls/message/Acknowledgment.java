package holdfast.mtatls.message;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Tells of more room.
 *
 * @param freeSpace data bytes by which the room has grown since the last such message on the channel
 */
public record Acknowledgment(ChannelId id, long freeSpace) implements Message {
    static final int TYPE = 8;

    public Acknowledgment {
        Fields.requireUint32("free_space", freeSpace);
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
        out.writeInt((int) freeSpace);
    }

    static Acknowledgment read(ByteBuf body) throws ProtocolException {
        return new Acknowledgment(Fields.id(body), Fields.uint32(body, "free_space"));
    }
}
