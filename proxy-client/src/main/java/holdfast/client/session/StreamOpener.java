package holdfast.client.session;

import holdfast.driver.StreamHandle;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Opens streams for the front door. Everything of the client runs on one event loop, and so do these calls and their answers. */
public interface StreamOpener {
    /** Whether a stream opened now would leave at once. */
    boolean isPathUp();

    /**
     * Opens a stream, waiting for a path up to 10 s. Exactly one of the callback's methods is called, on the loop.
     *
     * @param firstBytes takes ownership; what the program has already said, at most 16 KiB; null where it has said nothing
     */
    void open(OpenRequest request, @Nullable ByteBuf firstBytes, OpenCallback callback);

    /** What came of an opening. */
    interface OpenCallback {
        /** The stream is on its way; whether the gateway accepts it, its listener hears. */
        void onStream(StreamHandle stream);

        /** There is no stream: no path in time, or the session is over. */
        void onUnavailable(ErrorCode code, String text);
    }
}
