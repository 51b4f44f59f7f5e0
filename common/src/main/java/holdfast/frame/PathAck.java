package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * What the sender has received on its paths. It may travel on any path; the largest count of a path wins.
 *
 * @param entries one for each path that has news
 */
public record PathAck(List<Entry> entries) implements Frame {
    /**
     * The news of one path.
     *
     * @param path the path's id
     * @param received frame bytes received on it, from its first frame on
     * @param holdMicros how long the newest of them waited for this acknowledgement, in microseconds
     */
    public record Entry(long path, long received, long holdMicros) {
        int length() {
            return VarInt.length(path) + VarInt.length(received) + VarInt.length(holdMicros);
        }
    }

    @Override
    public FrameType type() {
        return FrameType.PATH_ACK;
    }

    @Override
    public int bodyLength() {
        int length = VarInt.length(entries.size());
        for (Entry each : entries) {
            length += each.length();
        }
        return length;
    }

    @Override
    public void writeBody(ByteBuf out) {
        VarInt.write(out, entries.size());
        for (Entry each : entries) {
            VarInt.write(out, each.path);
            VarInt.write(out, each.received);
            VarInt.write(out, each.holdMicros);
        }
    }

    /** Borrows {@code in}. */
    static PathAck read(ByteBuf in) throws ProtocolException {
        int count = Fields.readLength(in, Fields.MAX_LIST, "path count");
        List<Entry> entries = new ArrayList<>(Math.min(count, 16));
        for (int i = 0; i < count; i++) {
            entries.add(new Entry(VarInt.read(in), VarInt.read(in), VarInt.read(in)));
        }
        return new PathAck(entries);
    }
}
