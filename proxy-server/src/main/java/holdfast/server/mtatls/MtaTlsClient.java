package holdfast.server.mtatls;

import holdfast.driver.StreamHandle;
import holdfast.identity.Pin;
import holdfast.mtatls.MtaTlsConnection;
import holdfast.mtatls.MtaTlsListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.Role;
import holdfast.server.budget.SessionBudget;
import holdfast.server.session.StreamService;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's connection. Belongs to its event loop, except where a method says otherwise. */
final class MtaTlsClient implements MtaTlsListener {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.mtatls");

    private final Channel channel;
    private final Pin key;
    private final StreamService service;
    private final BooleanSupplier goingAway;
    private final Consumer<MtaTlsClient> ended;
    private final MtaTlsConnection connection;
    private final List<Runnable> early = new ArrayList<>();
    private volatile @Nullable SessionBudget budget;
    private volatile int streams = 1;

    MtaTlsClient(
            Channel channel, Pin key, StreamService service, BooleanSupplier goingAway, Consumer<MtaTlsClient> ended) {
        this.channel = channel;
        this.key = key;
        this.service = service;
        this.goingAway = goingAway;
        this.ended = ended;
        this.connection = MtaTlsConnection.start(channel, Role.GATEWAY, this);
    }

    /** It is known whose connection this is: what it asked for meanwhile is served. Returns false where it is over already. */
    boolean admit(SessionBudget started) {
        if (connection.isOver()) {
            return false;
        }
        budget = started;
        LOG.atInfo()
                .addKeyValue("client", brief())
                .addKeyValue("user", started.user().user())
                .addKeyValue("peer", peer())
                .log("client.connected");
        early.forEach(Runnable::run);
        early.clear();
        return true;
    }

    @Override
    public void onRequest(StreamHandle stream, Destination destination) {
        SessionBudget to = budget;
        if (to == null) {
            early.add(() -> onRequest(stream, destination));
        } else if (goingAway.getAsBoolean()) {
            stream.reject(ErrorCode.GENERAL_FAILURE, "the gateway is about to end");
        } else {
            long wait = to.chargeOpen(System.nanoTime());
            OpenRequest request = OpenRequest.tcp(destination);
            if (wait == 0) {
                service.serve(to, stream, request);
            } else {
                stream.eventLoop().schedule(() -> service.serve(to, stream, request), wait, TimeUnit.NANOSECONDS);
            }
        }
    }

    @Override
    public void onEnded(String reason, int lostStreams) {
        early.clear();
        SessionBudget had = budget;
        if (had != null) {
            LOG.atInfo()
                    .addKeyValue("client", brief())
                    .addKeyValue("user", had.user().user())
                    .addKeyValue("reason", reason)
                    .addKeyValue("lost_streams", lostStreams)
                    .log("client.ended");
            had.end();
        }
        ended.accept(this);
    }

    void close(String reason) {
        connection.close(reason);
    }

    /** Any thread. */
    void closeFromOutside(String reason) {
        connection.eventLoop().execute(() -> connection.close(reason));
    }

    boolean isOver() {
        return connection.isOver();
    }

    /** How many channels there were at the last look; any thread may ask, and by that makes the next look. */
    int streamCount() {
        connection.eventLoop().execute(() -> streams = connection.streamCount());
        return streams;
    }

    /** Of an admitted one. Any thread. */
    String user() {
        SessionBudget had = budget;
        return had == null ? "" : had.user().user();
    }

    /** The client's key, as TLS proved it. Any thread. */
    Pin key() {
        return key;
    }

    /** Names it in logs. */
    String brief() {
        return "mta-" + channel.id().asShortText();
    }

    SocketAddress peer() {
        return channel.remoteAddress();
    }
}
