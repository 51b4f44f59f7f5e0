package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Answers a PING on the path it came by.
 *
 * @param nonce the PING's number
 */
public record Pong(long nonce) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.PONG;
    }

    @Override
    public int bodyLength() {
        return 8;
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeLong(nonce);
    }

    /** Borrows {@code in}. */
    static Pong read(ByteBuf in) throws ProtocolException {
        Fields.requireReadable(in, 8);
        return new Pong(in.readLong());
    }
}
