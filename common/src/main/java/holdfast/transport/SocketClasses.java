package holdfast.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** The classes of one transport that belong together; those of another one cannot be registered on its loops. */
record SocketClasses(
        IoHandlerFactory handlers,
        Class<? extends SocketChannel> tcp,
        Class<? extends ServerSocketChannel> tcpServer,
        ChannelFactory<? extends DatagramChannel> udp,
        Class<? extends Channel> unix,
        Class<? extends ServerChannel> unixServer) {
    /** @param kind resolved, available here */
    static SocketClasses of(TransportKind kind) {
        return switch (kind) {
            case AUTO -> of(kind.resolve());
            case EPOLL ->
                new SocketClasses(
                        new EpollHandlers(),
                        EpollSocketChannel.class,
                        EpollServerSocketChannel.class,
                        EpollDatagramChannel::new,
                        EpollDomainSocketChannel.class,
                        EpollServerDomainSocketChannel.class);
            case KQUEUE ->
                new SocketClasses(
                        KQueueIoHandler.newFactory(),
                        KQueueSocketChannel.class,
                        KQueueServerSocketChannel.class,
                        KQueueDatagramChannel::new,
                        KQueueDomainSocketChannel.class,
                        KQueueServerDomainSocketChannel.class);
            case NIO ->
                new SocketClasses(
                        NioIoHandler.newFactory(),
                        NioSocketChannel.class,
                        NioServerSocketChannel.class,
                        EmptyDatagram::nioSocket,
                        NioDomainSocketChannel.class,
                        NioServerDomainSocketChannel.class);
        };
    }
}
