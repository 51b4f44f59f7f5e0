package holdfast.server.chain;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.identity.Chain;
import holdfast.identity.Identity;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.relay.Relay;
import holdfast.server.audit.StreamEntry;
import holdfast.server.budget.SessionBudget;
import holdfast.server.destination.Admission;
import holdfast.server.destination.ConnectAttempt;
import holdfast.server.destination.DestinationConnector;
import holdfast.server.destination.Refusal;
import holdfast.server.destination.StreamMeter;
import holdfast.server.policy.Grants;
import holdfast.server.policy.Verdict;
import holdfast.server.session.RelayStreams;
import holdfast.transport.SocketOptions;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves streams of kind GATEWAY: connects each to a further gateway and says, signed and in front of TLS, through whom the connection comes. */
public final class RelayService implements RelayStreams {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.stream");

    private final Supplier<Identity> identity;
    private final DestinationConnector connector;
    private final Admission admission;
    private final Grants grants;
    private final RelayRule rule;
    private final Executor slowWork;
    private final SecureRandom random = new SecureRandom();

    /** Whether a user may reach a further gateway. */
    public interface RelayRule {
        Verdict verdict(String user, @Nullable String name, InetAddress address, int port);
    }

    /**
     * A relay.
     *
     * @param identity the gateway's, whenever it is asked for
     * @param connector one that keeps to the rule
     * @param grants where connections stay known, so that those end that the rule does not allow any more
     * @param slowWork signs
     */
    public RelayService(
            Supplier<Identity> identity,
            DestinationConnector connector,
            Admission admission,
            Grants grants,
            RelayRule rule,
            Executor slowWork) {
        this.identity = identity;
        this.connector = connector;
        this.admission = admission;
        this.grants = grants;
        this.rule = rule;
        this.slowWork = slowWork;
    }

    @Override
    public void serve(SessionBudget session, List<Chain> chains, StreamHandle stream, OpenRequest request) {
        StreamEntry entry = admission.entry(session, "relay", request.destination());
        if (!admission.admit(session, stream, entry)) {
            return;
        }
        Serving serving = new Serving(session, entry, stream, request.destination());
        stream.listen(serving);
        Chain before = chains.isEmpty() ? Chain.NONE : chains.get(0);
        if (chains.stream().anyMatch(each -> !each.relays().equals(before.relays()))) {
            serving.refuse(
                    ErrorCode.NOT_ALLOWED,
                    "your session comes through several chains of relays, so none can be vouched for");
            return;
        }
        try {
            slowWork.execute(() -> {
                try {
                    byte[] preface = before.through(
                                    identity.get(), request.destination().toString(), Instant.now(), random)
                            .toBytes();
                    stream.eventLoop().execute(() -> serving.connect(preface));
                } catch (IllegalStateException e) {
                    stream.eventLoop()
                            .execute(() -> serving.refuse(ErrorCode.NOT_ALLOWED, String.valueOf(e.getMessage())));
                }
            });
        } catch (RejectedExecutionException e) {
            serving.refuse(ErrorCode.LIMIT_REACHED, "the gateway is busy");
        }
    }

    /** One stream until it is connected. */
    private final class Serving implements StreamListener {
        private final SessionBudget session;
        private final StreamEntry entry;
        private final StreamHandle stream;
        private final Destination next;
        private @Nullable ConnectAttempt attempt;
        private boolean over;

        Serving(SessionBudget session, StreamEntry entry, StreamHandle stream, Destination next) {
            this.session = session;
            this.entry = entry;
            this.stream = stream;
            this.next = next;
        }

        void connect(byte[] preface) {
            if (over) {
                return;
            }
            attempt = connector.connect(
                    stream.eventLoop(), session.user().user(), next, new DestinationConnector.Outcome() {
                        @Override
                        public void onConnected(Channel socket) {
                            relay(socket, preface);
                        }

                        @Override
                        public void onRefused(Refusal refusal) {
                            session.user().connectFailed(System.nanoTime());
                            refuse(refusal.code(), refusal.text());
                        }
                    });
        }

        private void relay(Channel socket, byte[] preface) {
            over = true;
            socket.closeFuture().addListener(closed -> session.giveStreamBack());
            LOG.atInfo()
                    .addKeyValue("stream", stream.id())
                    .addKeyValue("user", session.user().user())
                    .addKeyValue("gateway", next)
                    .log("stream.relayed");
            entry.reached(socket.remoteAddress());
            socket.writeAndFlush(Unpooled.wrappedBuffer(preface));
            InetSocketAddress local = (InetSocketAddress) socket.localAddress();
            stream.accept(new Destination.Ip(local.getAddress(), local.getPort()));
            Relay.start(socket, stream, new StreamMeter(session, entry));
            if (socket.remoteAddress() instanceof InetSocketAddress remote) {
                holdGrant(socket, remote);
            }
        }

        private void holdGrant(Channel socket, InetSocketAddress remote) {
            String user = session.user().user();
            String name = next instanceof Destination.Name named ? named.host() : null;
            Grants.Grant grant = grants.hold(
                    policy -> rule.verdict(user, name, remote.getAddress(), remote.getPort()),
                    verdict -> stream.eventLoop().execute(() -> {
                        LOG.atInfo()
                                .addKeyValue("stream", stream.id())
                                .addKeyValue("user", user)
                                .addKeyValue("gateway", next)
                                .addKeyValue("reason", verdict.rule())
                                .log("stream.withdrawn");
                        stream.reset(ErrorCode.NOT_ALLOWED);
                        SocketOptions.abort(socket);
                    }));
            socket.closeFuture().addListener(closed -> grant.release());
        }

        void refuse(ErrorCode code, String text) {
            if (over) {
                return;
            }
            end(code, text);
            LOG.atInfo()
                    .addKeyValue("stream", stream.id())
                    .addKeyValue("user", session.user().user())
                    .addKeyValue("gateway", next)
                    .addKeyValue("code", code)
                    .addKeyValue("reason", text)
                    .log("stream.refused");
            stream.reject(code, text);
        }

        private void end(ErrorCode code, String text) {
            over = true;
            entry.over(code, text);
            session.giveStreamBack();
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
            if (!over) {
                if (attempt != null) {
                    attempt.cancel();
                }
                end(ErrorCode.CANCELLED, "given up before it was connected");
            }
        }
    }
}
