package holdfast.frame;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Numbers that one end tells the other when a session starts, a path joins or a stream is opened: {@code count | (id | value)*}. Unknown ids are
 * ignored, so that a later version can add some.
 */
public record Parameters(SortedMap<Long, Long> values) {
    /** Bytes the sender of this may be sent on each stream before any MAX_STREAM_DATA. */
    public static final long STREAM_WINDOW = 1;
    /** Bytes the sender of this may be sent in all before any MAX_DATA. */
    public static final long SESSION_WINDOW = 2;
    /** Streams the sender of this may be asked to open before any MAX_STREAMS. */
    public static final long MAX_STREAMS = 3;
    /** Milliseconds that a session without paths is held. */
    public static final long HOLD_MILLIS = 4;
    /** Paths the sender allows at once. */
    public static final long MAX_PATHS = 5;

    /** In OPEN: the stream whose listener the connection came to. */
    public static final long LISTENER = 6;

    /** In HELLO and JOIN: how the path that starts with it is to be used, as in PATH_STATUS. */
    public static final long STANDING = 7;

    /** In HELLO: the client wants to be told conditions, and answers them; in HELLO_OK: the gateway states some. */
    public static final long AGREEMENT = 8;

    public static final Parameters NONE = new Parameters(new TreeMap<>());

    public Parameters {
        values = new TreeMap<>(values);
    }

    /** These and one more. */
    public Parameters with(long id, long value) {
        SortedMap<Long, Long> more = new TreeMap<>(values);
        more.put(id, value);
        return new Parameters(more);
    }

    public static Parameters of(Map<Long, Long> values) {
        return new Parameters(new TreeMap<>(values));
    }

    public long get(long id, long otherwise) {
        return values.getOrDefault(id, otherwise);
    }

    int length() {
        int length = VarInt.length(values.size());
        for (Map.Entry<Long, Long> each : values.entrySet()) {
            length += VarInt.length(each.getKey()) + VarInt.length(each.getValue());
        }
        return length;
    }

    /** Borrows {@code out}. */
    void write(ByteBuf out) {
        VarInt.write(out, values.size());
        for (Map.Entry<Long, Long> each : values.entrySet()) {
            VarInt.write(out, each.getKey());
            VarInt.write(out, each.getValue());
        }
    }

    /** Borrows {@code in}. */
    static Parameters read(ByteBuf in) throws ProtocolException {
        int count = Fields.readLength(in, Fields.MAX_LIST, "parameter count");
        SortedMap<Long, Long> values = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            values.put(VarInt.read(in), VarInt.read(in));
        }
        return new Parameters(values);
    }
}
