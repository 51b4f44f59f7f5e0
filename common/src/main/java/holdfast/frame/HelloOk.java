package holdfast.frame;

import holdfast.protocol.ProtocolException;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The session is there, and the path attached to it.
 *
 * @param version the protocol version chosen
 * @param session the session's id, a secret of both ends
 * @param random the gateway's 32 bytes
 * @param fresh whether this HELLO made the session; false where an earlier one had
 * @param retired what the gateway received on paths of this session that it has given up
 * @param addresses where the gateway is reached, as HOST:PORT
 * @param parameters the gateway's limits
 */
public record HelloOk(
        long version,
        SessionId session,
        SessionRandom random,
        boolean fresh,
        List<PathCount> retired,
        List<String> addresses,
        Parameters parameters)
        implements Frame {
    @Override
    public FrameType type() {
        return FrameType.HELLO_OK;
    }

    @Override
    public int bodyLength() {
        return VarInt.length(version)
                + SessionId.LENGTH
                + SessionRandom.LENGTH
                + 1
                + PathCount.listLength(retired)
                + Fields.textsLength(addresses)
                + parameters.length();
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, version);
        out.writeBytes(session.toBytes());
        out.writeBytes(random.toBytes());
        out.writeByte(fresh ? 1 : 0);
        PathCount.writeList(out, retired);
        Fields.writeTexts(out, addresses);
        parameters.write(out);
    }

    /** Borrows {@code in}. */
    static HelloOk read(ByteBuf in) throws ProtocolException {
        return new HelloOk(
                VarInt.read(in),
                SessionId.of(Fields.readBytes(in, SessionId.LENGTH)),
                SessionRandom.of(Fields.readBytes(in, SessionRandom.LENGTH)),
                Fields.readBytes(in, 1)[0] != 0,
                PathCount.readList(in),
                Fields.readTexts(in),
                Parameters.read(in));
    }
}
