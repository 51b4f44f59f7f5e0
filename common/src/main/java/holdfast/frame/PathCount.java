package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * How many frame bytes an end has received on one path.
 *
 * @param path the path's id
 * @param received bytes, from the first frame of the path on
 */
public record PathCount(long path, long received) {
    static int listLength(List<PathCount> counts) {
        int length = VarInt.length(counts.size());
        for (PathCount each : counts) {
            length += VarInt.length(each.path) + VarInt.length(each.received);
        }
        return length;
    }

    /** Borrows {@code out}. */
    static void writeList(ByteBuf out, List<PathCount> counts) {
        VarInt.write(out, counts.size());
        for (PathCount each : counts) {
            VarInt.write(out, each.path);
            VarInt.write(out, each.received);
        }
    }

    /** Borrows {@code in}. */
    static List<PathCount> readList(ByteBuf in) throws ProtocolException {
        int count = Fields.readLength(in, Fields.MAX_LIST, "path count");
        List<PathCount> counts = new ArrayList<>(Math.min(count, 16));
        for (int i = 0; i < count; i++) {
            counts.add(new PathCount(VarInt.read(in), VarInt.read(in)));
        }
        return List.copyOf(counts);
    }
}
