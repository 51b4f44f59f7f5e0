package holdfast.session;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.SessionId;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** What a session tells its driver; polled, never called back. */
public sealed interface SessionEvent {
    /** Client: the gateway has made the session. {@code addresses} are where it says it is reached. */
    record Established(SessionId id, List<String> addresses) implements SessionEvent {}

    /** A path carries the session from now on. */
    record PathUp(long path) implements SessionEvent {}

    /** A path has been silent for too long; nothing new is put on it. A client with no other path up dials now. */
    record PathSuspected(long path) implements SessionEvent {}

    /** A suspected path made progress again. */
    record PathTrusted(long path) implements SessionEvent {}

    /** A path is over: its transport connection is to be closed. Frames that are still posted on it may leave first. */
    record PathDown(long path, ErrorCode code, String text) implements SessionEvent {}

    /** No path is left; streams wait. */
    record Detached() implements SessionEvent {}

    /** The session has a path again. */
    record Resumed(long outageNanos) implements SessionEvent {}

    /** The session is over. Every stream is gone; what remains to be sent is the farewell. */
    record Ended(ErrorCode code, String text, boolean byPeer) implements SessionEvent {}

    /** The peer opened a stream; accept or reject it. */
    record StreamOpened(long stream, OpenRequest request) implements SessionEvent {}

    record StreamAccepted(long stream, Destination bound) implements SessionEvent {}

    record StreamRejected(long stream, ErrorCode code, String text) implements SessionEvent {}

    record StreamReadable(long stream) implements SessionEvent {}

    record StreamWritable(long stream) implements SessionEvent {}

    /** The peer takes no more of our bytes. */
    record StreamStopped(long stream, ErrorCode code) implements SessionEvent {}

    /** The incoming half was abandoned by the peer. */
    record StreamReset(long stream, ErrorCode code) implements SessionEvent {}

    /** Both halves are over and acknowledged; the id means nothing from now on. */
    record StreamClosed(long stream) implements SessionEvent {}

    /** A datagram arrived; the receiver of the event owns the payload. */
    record DatagramReceived(long flow, long context, ByteBuf payload) implements SessionEvent {}

    /** The gateway has a further address, or one fewer. */
    record AddressChanged(String address, boolean added) implements SessionEvent {}

    /** The gateway is going to be known by the key with this pin. */
    record KeyAnnounced(String pin) implements SessionEvent {}

    /** Client: these are the gateway's conditions from now on. */
    record ConditionsStated(long sequence, List<String> words) implements SessionEvent {}

    /** Gateway: the client has accepted or refused the conditions of that number. */
    record ConditionsAnswered(long sequence, boolean accepted, String text) implements SessionEvent {}

    /** The peer takes no further streams; the open ones have so long. */
    record GoingAway(long deadlineMillis, List<String> gateways) implements SessionEvent {}
}
