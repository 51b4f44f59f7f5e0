package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Presents a one-time code, so that the key of this path's client certificate is listed.
 *
 * @param code the code of the invitation
 * @param device what to call the device in the list
 */
public record Enrol(String code, String device) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.ENROL;
    }

    @Override
    public int bodyLength() {
        return Fields.textLength(code) + Fields.textLength(device);
    }

    @Override
    public void writeBody(ByteBuf out) {
        Fields.writeText(out, code);
        Fields.writeText(out, device);
    }

    /** Borrows {@code in}. */
    static Enrol read(ByteBuf in) throws ProtocolException {
        return new Enrol(Fields.readText(in), Fields.readText(in));
    }
}
