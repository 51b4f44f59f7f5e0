package holdfast.driver;

import holdfast.frame.Refused;
import holdfast.protocol.ErrorCode;
import holdfast.transport.PathChannel;
import io.netty.buffer.ByteBuf;

/** The last words on a connection that does not become a path. */
public final class Farewell {
    private Farewell() {}

    /** Says why and closes. */
    public static void refuse(PathChannel channel, ErrorCode code, String text) {
        Refused refused = new Refused(code, text);
        ByteBuf frames = channel.allocator().directBuffer(refused.length());
        refused.write(frames);
        channel.closeWith(frames);
    }
}
