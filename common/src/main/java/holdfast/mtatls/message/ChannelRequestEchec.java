package holdfast.mtatls.message;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Refuses a channel.
 *
 * @param sender the requesting end's half as it came
 * @param error SOCKS reply code, a space, and what is wrong in words
 */
public record ChannelRequestEchec(int sender, String error) implements Message {
    static final int TYPE = 3;

    /** The longest error text, in bytes of UTF-8. */
    static final int MAX_ERROR_BYTES = 65_530;

    public ChannelRequestEchec {
        ChannelId.requireHalf(sender);
        if (Fields.sizeOf(error) > 2 + MAX_ERROR_BYTES) {
            throw new IllegalArgumentException("an error text has at most " + MAX_ERROR_BYTES + " bytes");
        }
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int size() {
        return HEADER_BYTES + 2 + Fields.sizeOf(error);
    }

    @Override
    public void write(ByteBuf out) {
        Fields.header(out, this);
        out.writeShort(sender);
        Fields.writeText(out, error);
    }

    static ChannelRequestEchec read(ByteBuf body) throws ProtocolException {
        int sender = Fields.uint16(body, "sender_channel_id");
        String error = Fields.text(body, "error");
        if (Fields.sizeOf(error) > 2 + MAX_ERROR_BYTES) {
            throw Fields.malformed("error has more than " + MAX_ERROR_BYTES + " bytes");
        }
        return new ChannelRequestEchec(sender, error);
    }
}
