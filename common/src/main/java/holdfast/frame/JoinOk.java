package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The path is attached.
 *
 * @param retired what the gateway received on each path that the client gave up, and on those it gave up itself
 * @param parameters for later versions
 */
public record JoinOk(List<PathCount> retired, Parameters parameters) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.JOIN_OK;
    }

    @Override
    public int bodyLength() {
        return PathCount.listLength(retired) + parameters.length();
    }

    @Override
    public void writeBody(ByteBuf out) {
        PathCount.writeList(out, retired);
        parameters.write(out);
    }

    /** Borrows {@code in}. */
    static JoinOk read(ByteBuf in) throws ProtocolException {
        return new JoinOk(PathCount.readList(in), Parameters.read(in));
    }
}
