package holdfast.session;

import holdfast.frame.Frame;
import holdfast.stream.Chunk;

/** What an entry of a path's replay log stands for, and so what an acknowledgement settles and a lost path brings back. */
sealed interface Sent {
    /** Bytes of a stream. */
    record StreamBytes(Flow flow, Chunk chunk) implements Sent {}

    /** A stream's control frame: sent again with the value of that time, if it still matters. */
    record StreamControl(Flow flow, Control control) implements Sent {}

    /** The session's credit, or its count of streams: sent again with the value of that time. */
    record SessionLimit(Limit limit) implements Sent {}

    /** A frame that is sent again as it was. */
    record Whole(Frame frame) implements Sent {}

    /** Limits of the whole session. */
    enum Limit {
        DATA,
        STREAMS
    }
}
