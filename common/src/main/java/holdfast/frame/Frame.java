package holdfast.frame;

import io.netty.buffer.ByteBuf;

/**
 * The smallest unit on a path: {@code u24 body length | u8 type | body} (PROTOCOL.md section 3).
 *
 * <p>A frame that carries payload owns its buffer; whoever takes the frame releases it.
 */
public sealed interface Frame
        permits Accept,
                AddAddress,
                Agreed,
                Blocked,
                Conditions,
                Data,
                Datagram,
                Enrol,
                EnrolOk,
                GoAway,
                Hello,
                HelloOk,
                Join,
                JoinOk,
                MaxData,
                MaxStreamData,
                MaxStreams,
                Open,
                Padding,
                PathAck,
                PathClose,
                PathStatus,
                Ping,
                Pong,
                Priority,
                Refused,
                Reject,
                NextKey,
                RemoveAddress,
                Reset,
                SessionClose,
                Stop {
    /** Bytes before the body. */
    int HEADER_LENGTH = 4;

    /** The longest frame other than DATA, header and body, in bytes. */
    int MAX_LENGTH = 16_384;

    /** The longest body of any but DATA, in bytes. */
    int MAX_BODY_LENGTH = MAX_LENGTH - HEADER_LENGTH;

    FrameType type();

    int bodyLength();

    /** Borrows {@code out}. */
    void writeBody(ByteBuf out);

    /** The whole frame on the wire, in bytes. */
    default int length() {
        return HEADER_LENGTH + bodyLength();
    }

    /** The longest body that this kind may have, in bytes. */
    default int longestBody() {
        return MAX_BODY_LENGTH;
    }

    /** Writes header and body; borrows {@code out}. The frame keeps its payload. */
    default void write(ByteBuf out) {
        int bodyLength = bodyLength();
        if (bodyLength > longestBody()) {
            throw new IllegalStateException(
                    type() + " body of " + bodyLength + " bytes is longer than " + longestBody());
        }
        out.writeInt(bodyLength << 8 | type().code());
        writeBody(out);
    }

    /** Gives the payload back to its pool; nothing to do for a frame without one. */
    default void release() {}
}
