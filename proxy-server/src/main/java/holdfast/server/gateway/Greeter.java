package holdfast.server.gateway;

import holdfast.driver.Farewell;
import holdfast.frame.Enrol;
import holdfast.frame.EnrolOk;
import holdfast.frame.Frame;
import holdfast.frame.Hello;
import holdfast.frame.Join;
import holdfast.identity.Chain;
import holdfast.identity.Pin;
import holdfast.protocol.ErrorCode;
import holdfast.server.audit.Audit;
import holdfast.server.budget.Stranger;
import holdfast.server.chain.ChainCheck;
import holdfast.server.session.PathChain;
import holdfast.server.session.SessionDirectory;
import holdfast.transport.PathChannel;
import holdfast.transport.PathReceiver;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives the first frame of a connection: HELLO, JOIN or ENROL. Anything else, or nothing in time, closes it. */
final class Greeter implements PathReceiver {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.gateway");

    private final Pin key;
    private final Gatekeeper gatekeeper;
    private final SessionDirectory sessions;
    private final Stranger stranger;
    private final Executor slowWork;
    private final ChainProof proof;
    private final Runnable greeted;

    /** Through which relays the connection comes; asked off the event loop, of whoever is let in. */
    interface ChainProof {
        Chain chain() throws ChainCheck.RefusedException;
    }

    /**
     * @param key the client's, as TLS proved it
     * @param stranger the place of the connection among those that have not logged in
     * @param slowWork reads files
     * @param proof through which relays it comes
     * @param greeted run once the first frame is here, so that the deadline for it ends
     */
    Greeter(
            Pin key,
            Gatekeeper gatekeeper,
            SessionDirectory sessions,
            Stranger stranger,
            Executor slowWork,
            ChainProof proof,
            Runnable greeted) {
        this.key = key;
        this.gatekeeper = gatekeeper;
        this.sessions = sessions;
        this.stranger = stranger;
        this.slowWork = slowWork;
        this.proof = proof;
        this.greeted = greeted;
    }

    @Override
    public void onFrame(PathChannel path, Frame frame) {
        greeted.run();
        path.hold();
        if (frame instanceof Hello hello) {
            withUser(path, user -> sessions.hello(user, key, path, hello));
        } else if (frame instanceof Join join) {
            withUser(path, user -> {
                if (!sessions.join(user, key, path, join)) {
                    refuse(path, ErrorCode.SESSION_GONE, "no such session");
                }
            });
        } else if (frame instanceof Enrol enrol) {
            enrol(path, enrol);
        } else {
            frame.release();
            refuse(path, ErrorCode.PROTOCOL_VIOLATION, "a connection starts with HELLO, JOIN or ENROL");
        }
    }

    private interface Admitted {
        void as(String user);
    }

    private void withUser(PathChannel path, Admitted admitted) {
        slowly(path, () -> {
            Optional<String> user = gatekeeper.userOf(key);
            if (user.isEmpty()) {
                refuseLater(path, ErrorCode.UNKNOWN_KEY, "the gateway does not know this client's key");
                return;
            }
            try {
                Chain chain = proof.chain();
                path.eventLoop().execute(() -> {
                    stranger.loggedIn();
                    PathChain.set(path, chain);
                    admitted.as(user.get());
                });
            } catch (ChainCheck.RefusedException e) {
                refuseLater(path, ErrorCode.NOT_ALLOWED, String.valueOf(e.getMessage()));
            }
        });
    }

    private void enrol(PathChannel path, Enrol enrol) {
        slowly(path, () -> {
            // A code is what makes the signatures of a chain worth checking; and it is not used up by a chain that is
            // refused.
            if (gatekeeper.isCode(enrol.code())) {
                try {
                    proof.chain();
                } catch (ChainCheck.RefusedException e) {
                    refuseLater(path, ErrorCode.NOT_ALLOWED, String.valueOf(e.getMessage()));
                    return;
                }
            }
            Optional<EnrolOk> done = gatekeeper
                    .enrol(enrol.code(), key, enrol.device())
                    .map(user -> new EnrolOk(user, sessions.addresses()));
            path.eventLoop().execute(() -> {
                if (done.isEmpty()) {
                    refuse(path, ErrorCode.ENROLMENT_REFUSED, "the code is unknown, used or expired");
                    return;
                }
                stranger.loggedIn();
                LOG.atInfo()
                        .addKeyValue("user", done.get().user())
                        .addKeyValue("key", key)
                        .addKeyValue("peer", path.remoteAddress())
                        .log("key.enrolled");
                sessions.audit()
                        .write(
                                "key.enrolled",
                                Audit.field("user", done.get().user()),
                                Audit.field("key", key),
                                Audit.field("peer", path.remoteAddress()));
                ByteBuf answer = path.allocator().directBuffer(done.get().length());
                done.get().write(answer);
                path.closeWith(answer);
            });
        });
    }

    private void slowly(PathChannel path, Runnable work) {
        try {
            slowWork.execute(work);
        } catch (RejectedExecutionException e) {
            refuse(path, ErrorCode.LIMIT_REACHED, "the gateway is busy");
        }
    }

    private void refuseLater(PathChannel path, ErrorCode code, String text) {
        path.eventLoop().execute(() -> refuse(path, code, text));
    }

    private void refuse(PathChannel path, ErrorCode code, String text) {
        if (code != ErrorCode.LIMIT_REACHED) {
            stranger.failed(System.nanoTime());
        }
        LOG.atInfo()
                .addKeyValue("peer", path.remoteAddress())
                .addKeyValue("key", key)
                .addKeyValue("code", code)
                .log("path.refused");
        sessions.audit()
                .write(
                        "refused",
                        Audit.field("what", "connection"),
                        Audit.field("key", key),
                        Audit.field("peer", path.remoteAddress()),
                        Audit.field("code", code),
                        Audit.field("reason", text));
        Farewell.refuse(path, code, text);
    }

    @Override
    public void onClosed(PathChannel path, ErrorCode code, String text) {
        LOG.atDebug()
                .addKeyValue("peer", path.remoteAddress())
                .addKeyValue("reason", text)
                .log("path.closed_before_greeting");
    }
}
