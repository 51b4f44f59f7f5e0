package holdfast.server.session;

import holdfast.driver.StreamHandle;
import holdfast.protocol.OpenRequest;
import holdfast.server.budget.SessionBudget;

/** Serves what clients open. */
public interface StreamService {
    /**
     * Accepts or rejects the stream, now or later, on the stream's event loop.
     *
     * @param session whose stream it is, and what it may have
     */
    void serve(SessionBudget session, StreamHandle stream, OpenRequest request);
}
