package holdfast.server.session;

import holdfast.driver.StreamHandle;
import holdfast.protocol.OpenRequest;

/** Serves what clients open. */
public interface StreamService {
    /** Accepts or rejects the stream, now or later, on the stream's event loop. */
    void serve(String user, StreamHandle stream, OpenRequest request);
}
