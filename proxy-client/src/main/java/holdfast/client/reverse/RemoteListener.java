package holdfast.client.reverse;

import holdfast.client.session.StreamOpener;
import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener at the gateway, wanted for as long as the client runs: asked for at the start, and again whenever it is refused or lost, since rules
 * change, ports become free, and sessions that are lost for good are followed by new ones.
 */
final class RemoteListener implements StreamOpener.OpenCallback, StreamListener {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.forward");
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    private final String forward;
    private final Destination listen;
    private final Service service;
    private final StreamOpener opener;
    private final EventLoop loop;
    private @Nullable StreamHandle stream;
    private String lastReason = "";
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private boolean stopped;

    /** @param forward as the user wrote it, for the log */
    RemoteListener(String forward, Destination listen, Service service, StreamOpener opener, EventLoop loop) {
        this.forward = forward;
        this.listen = listen;
        this.service = service;
        this.opener = opener;
        this.loop = loop;
    }

    void ask() {
        if (!stopped) {
            opener.open(OpenRequest.of(StreamKind.LISTEN, listen), null, this);
        }
    }

    void stop() {
        stopped = true;
        if (stream != null) {
            stream.reset(ErrorCode.CANCELLED);
            stream = null;
        }
    }

    @Override
    public void onStream(StreamHandle opened) {
        if (stopped) {
            opened.reset(ErrorCode.CANCELLED);
        } else {
            stream = opened;
            opened.listen(this);
        }
    }

    @Override
    public void onAccepted(Destination bound) {
        lastReason = "";
        pauseMillis = FIRST_PAUSE_MILLIS;
        LOG.atInfo()
                .addKeyValue("forward", forward)
                .addKeyValue("address", bound)
                .log("forward.listening");
    }

    @Override
    public void onConnection(StreamHandle connection, Destination peer) {
        LOG.atDebug()
                .addKeyValue("forward", forward)
                .addKeyValue("peer", peer)
                .addKeyValue("stream", connection.id())
                .log("forward.connection");
        service.serve(connection);
    }

    @Override
    public void onRejected(ErrorCode code, String text) {
        askLater("forward.refused", code, text);
    }

    @Override
    public void onUnavailable(ErrorCode code, String text) {
        askLater("forward.waiting", code, text);
    }

    @Override
    public void onReset(ErrorCode code) {
        askLater("forward.lost", code, "the listener at the gateway has ended");
    }

    /** The same reason is told once. */
    private void askLater(String event, ErrorCode code, String text) {
        stream = null;
        if (stopped) {
            return;
        }
        if (!text.equals(lastReason)) {
            lastReason = text;
            LOG.atWarn()
                    .addKeyValue("forward", forward)
                    .addKeyValue("code", code)
                    .addKeyValue("reason", text)
                    .log(event);
        }
        loop.schedule(this::ask, pauseMillis, TimeUnit.MILLISECONDS);
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }

    @Override
    public void onReadable() {
        // Nothing comes on a listening stream.
    }

    @Override
    public void onWritable() {
        // Nothing is written to it.
    }

    @Override
    public void onStopped(ErrorCode code) {
        // RESET follows.
    }
}
