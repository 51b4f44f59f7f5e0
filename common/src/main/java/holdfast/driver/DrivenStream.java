package holdfast.driver;

import holdfast.frame.AddressedDatagram;
import holdfast.identity.ChannelBinding;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.ProtocolException;
import holdfast.session.Session;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stream of a driven session. Remembers how it ended, so that a listener who comes late learns it too. */
final class DrivenStream implements StreamHandle {
    private final SessionDriver driver;
    private final Session session;
    private final long id;
    private final OpenRequest request;
    private final boolean listening;

    private @Nullable StreamListener listener;
    private @Nullable ErrorCode reset;
    private @Nullable ErrorCode stopped;
    private @Nullable Destination bound;
    private @Nullable String rejection;

    /**
     * A stream that exists.
     *
     * @param request what it was opened for
     * @param listening whether this end has asked the peer to listen by it
     */
    DrivenStream(SessionDriver driver, Session session, long id, OpenRequest request, boolean listening) {
        this.driver = driver;
        this.session = session;
        this.id = id;
        this.request = request;
        this.listening = listening;
    }

    OpenRequest request() {
        return request;
    }

    boolean isListening() {
        return listening;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public EventLoop eventLoop() {
        return driver.eventLoop();
    }

    @Override
    public void listen(StreamListener newListener) {
        listener = newListener;
        // Told later, never from inside this call: the caller is still setting itself up.
        eventLoop().execute(() -> {
            if (listener == newListener) {
                retell(newListener);
            }
        });
    }

    private void retell(StreamListener to) {
        if (reset != null && rejection != null) {
            to.onRejected(reset, rejection);
            return;
        }
        if (reset != null) {
            to.onReset(reset);
            return;
        }
        if (bound != null) {
            to.onAccepted(bound);
        }
        if (stopped != null) {
            to.onStopped(stopped);
        }
        to.onReadable();
    }

    @Override
    public void write(ByteBuf data) {
        if (isDead()) {
            data.release();
            return;
        }
        session.write(id, data, driver.now());
        driver.work();
    }

    @Override
    public boolean isWritable() {
        return !isDead() && session.isWritable(id);
    }

    @Override
    public void finish() {
        if (!isDead()) {
            session.finish(id, driver.now());
            driver.work();
        }
    }

    @Override
    public void reset(ErrorCode code) {
        if (!isDead()) {
            session.reset(id, code, driver.now());
            driver.work();
        }
    }

    @Override
    public void stop(ErrorCode code) {
        if (!isDead()) {
            session.stop(id, code, driver.now());
            driver.work();
        }
    }

    @Override
    public @Nullable ByteBuf read() {
        if (isDead()) {
            return null;
        }
        ByteBuf data = session.read(id);
        driver.work();
        return data;
    }

    @Override
    public boolean isEndOfStream() {
        return !isDead() && session.isEndOfStream(id);
    }

    @Override
    public void consumed(int bytes) {
        if (!isDead()) {
            session.consumed(id, bytes, driver.now());
            driver.work();
        }
    }

    @Override
    public void accept(Destination from) {
        if (!isDead()) {
            session.accept(id, from, driver.now());
            driver.work();
        }
    }

    @Override
    public void reject(ErrorCode code, String text) {
        if (!isDead()) {
            session.reject(id, code, text, driver.now());
            driver.work();
        }
    }

    @Override
    public boolean sendDatagram(Destination with, ByteBuf bytes) {
        try {
            return !isDead() && driver.sendDatagram(id, with, bytes);
        } finally {
            bytes.release();
        }
    }

    @Override
    public StreamHandle handOver(Destination peer) {
        return driver.open(OpenRequest.forwarded(peer, id), null, new Unheard());
    }

    @Override
    public Optional<ChannelBinding> binding() {
        return isDead() ? Optional.empty() : driver.binding(id, request.destination());
    }

    @Override
    public Optional<InetSocketAddress> peerAddress() {
        return driver.peerAddress();
    }

    private boolean isDead() {
        return reset != null || driver.isOver();
    }

    // What the driver tells.

    void accepted(Destination from) {
        bound = from;
        if (listener != null) {
            listener.onAccepted(from);
        }
    }

    void rejected(ErrorCode code, String text) {
        reset = code;
        rejection = text;
        if (listener != null) {
            listener.onRejected(code, text);
        }
    }

    /** Takes ownership. What does not start with an address, or in another way than this version knows, is dropped. */
    void datagram(long context, ByteBuf payload) {
        Destination with = null;
        if (context == AddressedDatagram.CONTEXT && listener != null) {
            try {
                with = AddressedDatagram.readAddress(payload);
            } catch (ProtocolException e) {
                with = null;
            }
        }
        if (with == null || listener == null) {
            payload.release();
        } else {
            listener.onDatagram(with, payload);
        }
    }

    void connection(StreamHandle connection, Destination peer) {
        if (listener == null || isDead()) {
            connection.reject(ErrorCode.CANCELLED, "nobody listens by stream " + id + " any more");
        } else {
            listener.onConnection(connection, peer);
        }
    }

    void readable() {
        if (listener != null) {
            listener.onReadable();
        }
    }

    void writable() {
        if (listener != null) {
            listener.onWritable();
        }
    }

    void stopped(ErrorCode code) {
        stopped = code;
        if (listener != null) {
            listener.onStopped(code);
        }
    }

    void wasReset(ErrorCode code) {
        if (reset == null) {
            reset = code;
            if (listener != null) {
                listener.onReset(code);
            }
        }
    }
}
