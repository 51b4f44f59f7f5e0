package holdfast.transport;

import holdfast.frame.Frame;
import holdfast.protocol.ErrorCode;

/** Who is told what happens on a path's transport connection; always on the connection's event loop. */
public interface PathReceiver {
    /** Takes ownership of the frame. */
    void onFrame(PathChannel path, Frame frame);

    /** All frames that ended in the bytes {@link PathChannel#takeReceived} counts have been handed on. */
    default void onBytes(PathChannel path) {}

    /** Everything that could be read was: a good moment to send. */
    default void onReadComplete(PathChannel path) {}

    /** {@link PathChannel#isWritable} became true again. */
    default void onWritable(PathChannel path) {}

    /** The peer sent what is no frame. Nothing more is told of the path but its end. */
    default void onViolation(PathChannel path, ErrorCode code, String text) {}

    /** The connection is over; told once. */
    void onClosed(PathChannel path, ErrorCode code, String text);
}
