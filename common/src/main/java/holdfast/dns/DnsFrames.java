package holdfast.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** DNS messages in a stream of bytes, each behind its length in two bytes (RFC 1035 section 4.2.2). */
public final class DnsFrames {
    private static final int LENGTH_BYTES = 2;

    private DnsFrames() {}

    /** A message with its length before it; gives ownership. */
    public static ByteBuf of(byte[] message) {
        return Unpooled.buffer(LENGTH_BYTES + message.length)
                .writeShort(message.length)
                .writeBytes(message);
    }

    /** The message at the reader index, which is moved past it; null, and nothing moved, while it is not complete. Borrows the buffer. */
    public static byte @Nullable [] read(ByteBuf in) {
        if (in.readableBytes() < LENGTH_BYTES
                || in.readableBytes() < LENGTH_BYTES + in.getUnsignedShort(in.readerIndex())) {
            return null;
        }
        byte[] message = new byte[in.readUnsignedShort()];
        in.readBytes(message);
        return message;
    }
}
