package holdfast.mtatls.message;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/** Answers a {@link ChannelCloseRequest}: nothing more comes on the channel, and its identifier is free. */
public record ChannelCloseConfirmation(ChannelId id) implements Message {
    static final int TYPE = 5;

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int size() {
        return HEADER_BYTES + ChannelId.BYTES;
    }

    @Override
    public void write(ByteBuf out) {
        Fields.header(out, this);
        Fields.id(out, id);
    }

    static ChannelCloseConfirmation read(ByteBuf body) throws ProtocolException {
        return new ChannelCloseConfirmation(Fields.id(body));
    }
}
