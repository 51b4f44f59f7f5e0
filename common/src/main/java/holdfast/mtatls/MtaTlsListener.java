package holdfast.mtatls;

import holdfast.driver.StreamHandle;
import holdfast.protocol.Destination;

/** What happens to a connection, told on its event loop. */
public interface MtaTlsListener {
    /** The other end asks for a channel: accept or reject it, now or later. */
    void onRequest(StreamHandle stream, Destination destination);

    /**
     * The connection is over, and every stream has been told.
     *
     * @param reason in words, for the log
     * @param lostStreams how many channels were open
     */
    void onEnded(String reason, int lostStreams);
}
