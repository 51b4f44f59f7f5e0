package holdfast.mtatls.message;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/** Ends a channel, in both directions, behind everything its sender has written on it. */
public record ChannelCloseRequest(ChannelId id) implements Message {
    static final int TYPE = 4;

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

    static ChannelCloseRequest read(ByteBuf body) throws ProtocolException {
        return new ChannelCloseRequest(Fields.id(body));
    }
}
