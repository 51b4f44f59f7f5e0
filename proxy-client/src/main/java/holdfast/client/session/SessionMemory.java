package holdfast.client.session;

import holdfast.protocol.SessionId;
import java.util.Optional;

/** Remembers the id of the running session, so that after a crash the next start can tell the gateway to end it. */
public interface SessionMemory {
    /** The session of an earlier run that did not end in order. */
    Optional<SessionId> previous();

    void remember(SessionId id);

    void forget();
}
