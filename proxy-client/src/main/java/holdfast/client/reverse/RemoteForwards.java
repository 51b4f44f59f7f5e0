package holdfast.client.reverse;

import holdfast.client.config.ForwardSpec;
import holdfast.client.session.StreamOpener;
import holdfast.protocol.Destination;
import holdfast.transport.EventLoops;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** All that the gateway is to listen for on behalf of this client. */
public final class RemoteForwards {
    private final EventLoop loop;
    private final List<RemoteListener> listeners = new ArrayList<>();

    /**
     * Forwards that are not asked for yet.
     *
     * @param forwards those of {@code -R}
     * @param loop where the session lives
     * @param slowWork where names are looked up
     */
    public RemoteForwards(
            List<? extends ForwardSpec> forwards,
            StreamOpener opener,
            EventLoops loops,
            EventLoop loop,
            Executor slowWork) {
        this.loop = loop;
        LocalDialer dialer = new LocalDialer(loops, loop, slowWork);
        for (ForwardSpec each : forwards) {
            if (each instanceof ForwardSpec.Remote remote) {
                add(each, remote.listen(), new FixedTarget(remote.to(), dialer), opener);
            } else if (each instanceof ForwardSpec.RemoteSocks socks) {
                add(each, socks.listen(), connection -> ReverseSocks.begin(connection, dialer), opener);
            }
        }
    }

    /** Asks the gateway for every listener, again and again until it gives it, and when a session was lost anew. From any thread. */
    public void start() {
        loop.execute(() -> listeners.forEach(RemoteListener::ask));
    }

    /** Asks no more. From any thread. */
    public void stop() {
        loop.execute(() -> listeners.forEach(RemoteListener::stop));
    }

    private void add(ForwardSpec forward, Destination listen, Service service, StreamOpener opener) {
        listeners.add(new RemoteListener(forward.toString(), listen, service, opener, loop));
    }
}
