package holdfast.frame;

import holdfast.protocol.Destination;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A destination as frames carry it, by itself (PROTOCOL.md section 3.2). */
public final class DestinationBytes {
    private DestinationBytes() {}

    public static byte[] of(Destination destination) {
        byte[] bytes = new byte[Fields.destinationLength(destination)];
        ByteBuf out = Unpooled.wrappedBuffer(bytes).writerIndex(0);
        Fields.writeDestination(out, destination);
        return bytes;
    }
}
