package holdfast.frame;

import holdfast.protocol.ProtocolException;
import holdfast.protocol.SessionId;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Attaches this path to a session.
 *
 * @param session the session
 * @param path an id not used before in the session
 * @param retired the paths the client has given up, with what it received on each
 * @param parameters how the path is to be used
 */
public record Join(SessionId session, long path, List<PathCount> retired, Parameters parameters) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.JOIN;
    }

    @Override
    public int bodyLength() {
        return SessionId.LENGTH + VarInt.length(path) + PathCount.listLength(retired) + parameters.length();
    }

    @Override
    public void writeBody(ByteBuf out) {
        out.writeBytes(session.toBytes());
        VarInt.write(out, path);
        PathCount.writeList(out, retired);
        parameters.write(out);
    }

    /** Borrows {@code in}. */
    static Join read(ByteBuf in) throws ProtocolException {
        return new Join(
                SessionId.of(Fields.readBytes(in, SessionId.LENGTH)),
                VarInt.read(in),
                PathCount.readList(in),
                Parameters.read(in));
    }
}
