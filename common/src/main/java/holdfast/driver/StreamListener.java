package holdfast.driver;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;

/** What happens to a stream, told on its session's event loop. */
public interface StreamListener {
    /** The peer reached the destination, from this address. */
    default void onAccepted(Destination bound) {}

    /** The peer will not serve this stream; it is over. */
    default void onRejected(ErrorCode code, String text) {
        onReset(code);
    }

    /** Of an association: a datagram to, or from, this address. Takes ownership. */
    default void onDatagram(Destination with, ByteBuf bytes) {
        bytes.release();
    }

    /** A connection came to what this stream listens at, perhaps before {@link #onAccepted}: to be accepted or rejected, now or later. */
    default void onConnection(StreamHandle connection, Destination peer) {
        connection.reject(ErrorCode.KIND_NOT_SUPPORTED, "nobody listens by this stream");
    }

    /** {@link StreamHandle#read} gives bytes again, or {@link StreamHandle#isEndOfStream} became true. */
    void onReadable();

    /** {@link StreamHandle#isWritable} became true again. */
    void onWritable();

    /** The peer takes no more of our bytes: the outgoing half is over, the incoming one may go on. */
    void onStopped(ErrorCode code);

    /** The incoming half ended abnormally: the local socket must see RST, never a clean end. */
    void onReset(ErrorCode code);
}
