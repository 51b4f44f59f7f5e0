package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Asks for a PONG with the same number on the same path.
 *
 * @param nonce any 64 bits
 */
public record Ping(long nonce) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.PING;
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
    static Ping read(ByteBuf in) throws ProtocolException {
        Fields.requireReadable(in, 8);
        return new Ping(in.readLong());
    }
}
