package holdfast.client.dialer;

import holdfast.protocol.Destination;
import io.netty.channel.ChannelHandler;
import java.util.function.Consumer;

/** Makes connections in another way than by a socket of this machine: as a relay does, inside the session with it. Belongs to the dialer's event loop. */
public interface Carrier {
    /** Whether a connection that is made now can carry anything at once. */
    boolean isUp();

    /**
     * Makes a connection that is active from the start.
     *
     * @param to the gateway's address, as the carrier's far end is to dial it
     * @param handler of the connection, which is on the dialer's event loop
     * @param failed told, at most once, why it does not come about; the handler may not have been added then
     * @return gives the connection up
     */
    Runnable connect(Destination to, ChannelHandler handler, Consumer<Throwable> failed);
}
