package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * How the sender wants a path to be used.
 *
 * @param path the path
 * @param sequence the largest wins
 * @param status 0 active, 1 standby, 2 metered; 3 for no answer comes by it
 */
public record PathStatus(long path, long sequence, long status) implements Frame {
    /** The sender hears nothing by the path and asks for it not to be used until it shows a sign of life. */
    public static final long DOUBTED = 3;

    @Override
    public FrameType type() {
        return FrameType.PATH_STATUS;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(path) + VarInt.length(sequence) + VarInt.length(status);
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, path);
        VarInt.write(out, sequence);
        VarInt.write(out, status);
    }

    /** Borrows {@code in}. */
    static PathStatus read(ByteBuf in) throws ProtocolException {
        return new PathStatus(VarInt.read(in), VarInt.read(in), VarInt.read(in));
    }
}
