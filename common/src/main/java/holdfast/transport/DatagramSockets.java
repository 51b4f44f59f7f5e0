package holdfast.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;

/** Makes UDP sockets for whoever has a socket of a stream and nothing else: with the same transport, on the same event loop. */
public final class DatagramSockets {
    private DatagramSockets() {}

    /**
     * Binds a socket beside another one.
     *
     * @param local where; port 0 for any free one
     * @param handler the only one in its pipeline
     */
    public static ChannelFuture bind(Channel beside, InetSocketAddress local, ChannelHandler handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(beside.eventLoop())
                .channelFactory(SocketClasses.of(kindOf(beside)).udp());
        SocketOptions.forUdp(beside.alloc()).forEach((option, value) -> set(bootstrap, option, value));
        return bootstrap.handler(handler).bind(local);
    }

    private static TransportKind kindOf(Channel socket) {
        String name = socket.getClass().getName();
        if (name.startsWith("io.netty.channel.epoll.")) {
            return TransportKind.EPOLL;
        }
        return name.startsWith("io.netty.channel.kqueue.") ? TransportKind.KQUEUE : TransportKind.NIO;
    }

    @SuppressWarnings("unchecked")
    private static <T> void set(Bootstrap bootstrap, ChannelOption<T> option, Object value) {
        bootstrap.option(option, (T) value);
    }
}
