package holdfast.server.destination;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.relay.Relay;
import holdfast.server.audit.StreamEntry;
import holdfast.server.budget.SessionBudget;
import holdfast.server.budget.UserBudget;
import holdfast.server.introduction.Introductions;
import holdfast.server.policy.Grants;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Verb;
import holdfast.server.policy.Verdict;
import holdfast.transport.SocketOptions;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves streams by connecting them to their destinations. */
public final class TcpService {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.stream");

    private final DestinationConnector connector;
    private final Admission admission;
    private final Grants grants;
    private final Introductions introductions;

    /** @param grants where connections stay known, so that those end that a later policy does not allow */
    public TcpService(DestinationConnector connector, Admission admission, Grants grants, Introductions introductions) {
        this.admission = admission;
        this.connector = connector;
        this.grants = grants;
        this.introductions = introductions;
    }

    /** Accepts or rejects the stream once it is known whether the destination can be reached. */
    public void serve(SessionBudget session, StreamHandle stream, OpenRequest request) {
        UserBudget user = session.user();
        StreamEntry entry = admission.entry(session, "connect", request.destination());
        if (!admission.admit(session, stream, entry)) {
            return;
        }
        Patience patience = new Patience(session, entry);
        stream.listen(patience);
        patience.attempt = connector.connect(
                stream.eventLoop(), user.user(), request.destination(), new DestinationConnector.Outcome() {
                    @Override
                    public void onConnected(Channel socket) {
                        socket.closeFuture().addListener(closed -> patience.giveBack());
                        LOG.atDebug()
                                .addKeyValue("stream", stream.id())
                                .addKeyValue("user", user.user())
                                .addKeyValue("destination", request.destination())
                                .log("stream.connected");
                        entry.reached(
                                request.destination() instanceof Destination.Unix path ? path : socket.remoteAddress());
                        stream.accept(bound(request.destination(), socket));
                        introductions.introduce(user.user(), stream, socket);
                        Relay.start(socket, stream, new StreamMeter(session, entry));
                        holdGrant(user.user(), stream, request.destination(), socket);
                    }

                    @Override
                    public void onRefused(Refusal refusal) {
                        patience.giveBack();
                        entry.over(refusal.code(), refusal.text());
                        user.connectFailed(System.nanoTime());
                        LOG.atInfo()
                                .addKeyValue("stream", stream.id())
                                .addKeyValue("user", user.user())
                                .addKeyValue("destination", request.destination())
                                .addKeyValue("code", refusal.code())
                                .addKeyValue("reason", refusal.text())
                                .log("stream.refused");
                        stream.reject(refusal.code(), refusal.text());
                    }
                });
    }

    private void holdGrant(String user, StreamHandle stream, Destination destination, Channel socket) {
        Grants.Grant grant = grants.hold(
                question(user, destination, socket),
                verdict -> stream.eventLoop().execute(() -> {
                    LOG.atInfo()
                            .addKeyValue("stream", stream.id())
                            .addKeyValue("user", user)
                            .addKeyValue("destination", destination)
                            .addKeyValue("reason", verdict.rule())
                            .log("stream.withdrawn");
                    // First the stream, so that the reset carries this reason and not that of a closed socket.
                    stream.reset(ErrorCode.NOT_ALLOWED);
                    SocketOptions.abort(socket);
                }));
        socket.closeFuture().addListener(closed -> grant.release());
    }

    /** What the policy is to be asked for as long as the connection goes on. */
    private static Function<Policy, Verdict> question(String user, Destination destination, Channel socket) {
        if (destination instanceof Destination.Unix unix) {
            return policy -> policy.path(user, Verb.CONNECT, unix.path());
        }
        InetSocketAddress remote = (InetSocketAddress) socket.remoteAddress();
        String name = HostText.nameOf(destination);
        return policy -> policy.connect(user, name, remote.getAddress(), remote.getPort());
    }

    /** The end of the connection here; one to a Unix-domain socket has none with a name. */
    private static Destination bound(Destination destination, Channel socket) {
        return socket.localAddress() instanceof InetSocketAddress local
                ? new Destination.Ip(local.getAddress(), local.getPort())
                : destination;
    }

    /** Watches the stream while its destination is being connected. */
    private static final class Patience implements StreamListener {
        private final SessionBudget session;
        private final StreamEntry entry;
        private @Nullable ConnectAttempt attempt;
        private boolean givenBack;

        Patience(SessionBudget session, StreamEntry entry) {
            this.session = session;
            this.entry = entry;
        }

        /** There is no socket, or no longer. */
        void giveBack() {
            if (!givenBack) {
                givenBack = true;
                session.giveStreamBack();
            }
        }

        @Override
        public void onReadable() {}

        @Override
        public void onWritable() {}

        @Override
        public void onStopped(ErrorCode code) {
            cancel();
        }

        @Override
        public void onReset(ErrorCode code) {
            cancel();
        }

        private void cancel() {
            if (attempt != null) {
                attempt.cancel();
                entry.over(ErrorCode.CANCELLED, "given up before it was connected");
                giveBack();
            }
        }
    }
}
