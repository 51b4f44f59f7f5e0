package holdfast.server.session;

import holdfast.driver.StreamHandle;
import holdfast.identity.Chain;
import holdfast.protocol.OpenRequest;
import holdfast.server.budget.SessionBudget;
import java.util.List;

/** Serves streams that carry a path to a further gateway. */
public interface RelayStreams {
    /**
     * As {@link StreamService#serve}.
     *
     * @param chains through which relays the session's paths come, one for each
     */
    void serve(SessionBudget session, List<Chain> chains, StreamHandle stream, OpenRequest request);
}
