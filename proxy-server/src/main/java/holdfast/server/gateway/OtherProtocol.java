package holdfast.server.gateway;

import holdfast.identity.Pin;
import holdfast.server.budget.Stranger;
import io.netty.channel.Channel;
import java.util.concurrent.Executor;

/** A protocol that clients may speak, by ALPN, instead of the session's. */
public interface OtherProtocol {
    /** Its name in ALPN. */
    String name();

    /** Takes a connection over whose TLS handshake is done; called on its event loop. Nothing follows in the pipeline. */
    void welcome(Channel channel, Newcomer newcomer);

    /**
     * Who has connected.
     *
     * @param key the client's, as TLS proved it
     * @param stranger the place of the connection among those that have not logged in
     * @param slowWork reads files
     * @param greeted to be run once it is known what the connection is for, so that the deadline for it ends
     */
    record Newcomer(Pin key, Stranger stranger, Executor slowWork, Runnable greeted) {}
}
