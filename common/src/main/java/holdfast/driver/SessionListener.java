package holdfast.driver;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.SessionId;
import java.util.List;

/** What happens to a session, told on its event loop. */
public interface SessionListener {
    /** Client: the gateway has made the session; it is reached at these addresses, HOST:PORT. */
    default void onEstablished(SessionId id, List<String> addresses) {}

    /** A path carries the session from now on. */
    default void onPathUp(long path) {}

    /** A path is silent for too long. */
    default void onPathSuspected(long path) {}

    /** A suspected path is heard of again. */
    default void onPathTrusted(long path) {}

    default void onPathDown(long path, ErrorCode code, String text) {}

    /** No path is left; streams wait. */
    default void onDetached() {}

    /** The session has a path again. */
    default void onResumed(long outageNanos) {}

    /** The peer opened a stream, other than for a connection to a listener of this end: accept or reject it, now or later. */
    void onStreamOpened(StreamHandle stream, OpenRequest request);

    /** A further address of the gateway, HOST:PORT, or one fewer. */
    default void onAddressChanged(String address, boolean added) {}

    /** The gateway is going to be known by the key with this pin, or what it says is none. */
    default void onKeyAnnounced(String pin) {}

    /** Client: these are the gateway's conditions from now on, {@code key=value} each. */
    default void onConditions(long sequence, List<String> words) {}

    /** Gateway: the client has accepted or refused the conditions of that number. */
    default void onConditionsAnswered(long sequence, boolean accepted, String text) {}

    /** The peer takes no further streams. */
    default void onGoingAway(long deadlineMillis, List<String> gateways) {}

    /**
     * The session is over, and every stream has been told.
     *
     * @param lost the streams that had not ended
     */
    void onEnded(ErrorCode code, String text, boolean byPeer, List<LostStream> lost);
}
