package holdfast.frame;

import io.netty.buffer.ByteBuf;

/**
 * Bytes that mean nothing.
 *
 * @param bodyLength how many zero bytes follow the header
 */
public record Padding(int bodyLength) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.PADDING;
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeZero(bodyLength);
    }
}
