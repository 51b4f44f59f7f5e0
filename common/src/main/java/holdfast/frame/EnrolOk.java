package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The key is listed.
 *
 * @param user under whose name
 * @param addresses where the gateway is reached, as HOST:PORT
 */
public record EnrolOk(String user, List<String> addresses) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.ENROL_OK;
    }

    @Override
    public int bodyLength() {
        return Fields.textLength(user) + Fields.textsLength(addresses);
    }

    @Override
    public void writeBody(ByteBuf out) {
        Fields.writeText(out, user);
        Fields.writeTexts(out, addresses);
    }

    /** Borrows {@code in}. */
    static EnrolOk read(ByteBuf in) throws ProtocolException {
        return new EnrolOk(Fields.readText(in), Fields.readTexts(in));
    }
}
