package holdfast.mtatls.message;

import io.netty.buffer.ByteBuf;

/**
 * Data of a channel. Its length has 4 bytes and counts the data only.
 *
 * @param data owned by the message, until somebody takes it
 */
public record MtaTlsPlaintext(ChannelId id, ByteBuf data) implements Message {
    static final int TYPE = 6;

    /** The most data of one message, in bytes, whatever else was agreed. */
    public static final int MAX_BYTES = 16_384;

    /** Type, length and identifier, before the data. */
    public static final int HEAD_BYTES = 1 + 4 + ChannelId.BYTES;

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int size() {
        return HEAD_BYTES + data.readableBytes();
    }

    @Override
    public void write(ByteBuf out) {
        head(out, id, data.readableBytes());
        out.writeBytes(data, data.readerIndex(), data.readableBytes());
    }

    /** Appends what stands before the data, for who writes that without a message. Borrows {@code out}. */
    public static void head(ByteBuf out, ChannelId id, int bytes) {
        out.writeByte(TYPE).writeInt(bytes);
        Fields.id(out, id);
    }

    @Override
    public void release() {
        data.release();
    }
}
