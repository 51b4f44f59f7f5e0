package holdfast.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a program that do its input and output, the sockets that fit them, and the buffers they share.
 *
 * <p>A bootstrap taken from here carries the options its kind of socket needs (see {@link SocketOptions}); what it lacks is a handler.
 * Whatever may wait (names, files, key checks) does not run on these threads.
 */
public final class EventLoops implements AutoCloseable {
    private static final int PAGE_BYTES = 8192;
    /** Chunks of 1 MiB (8 KiB << 7): small enough that an idle program stays small, large enough for a 512 KiB read. */
    private static final int CHUNK_ORDER = 7;

    private static final int LISTEN_BACKLOG = 1024;
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;
    /** Sockets that close with their loop still have steps to go: without a while for them, engines and buffers would not be released. */
    private static final long CLOSE_QUIET_MILLIS = 20;

    private final TransportKind kind;
    private final SocketClasses classes;
    private final EventLoopGroup group;
    private final ByteBufAllocator allocator;

    private EventLoops(TransportKind kind, SocketClasses classes, EventLoopGroup group, ByteBufAllocator allocator) {
        this.kind = kind;
        this.classes = classes;
        this.group = group;
        this.allocator = allocator;
    }

    /**
     * Starts the loops' threads.
     *
     * @param loops how many, 1 or more
     * @param name what the threads are called, for a thread dump
     * @throws IllegalStateException that names the cause, where the transport does not work here
     */
    public static EventLoops start(TransportKind wanted, int loops, String name) {
        TransportKind kind = wanted.resolve();
        SocketClasses classes = SocketClasses.of(kind);
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory(name), classes.handlers());
        return new EventLoops(kind, classes, group, pool(loops));
    }

    /** What {@link TransportKind#AUTO} became. */
    public TransportKind kind() {
        return kind;
    }

    public EventLoopGroup group() {
        return group;
    }

    /** The next loop in turn. */
    public EventLoop next() {
        return group.next();
    }

    /** Pooled, direct; every socket from here uses it. */
    public ByteBufAllocator allocator() {
        return allocator;
    }

    /** For dialing a path. */
    public Bootstrap pathClient(EventLoop loop) {
        Bootstrap bootstrap = new Bootstrap().group(loop).channel(classes.tcp());
        SocketOptions.forPath(kind, allocator).forEach((option, value) -> set(bootstrap, option, value));
        return bootstrap;
    }

    /** Gives a connection that is no socket what it knows of the options of a path. */
    public void likePath(Channel connection) {
        SocketOptions.forPath(kind, allocator).forEach((option, value) -> set(connection, option, value));
    }

    /**
     * For accepting paths.
     *
     * @param children where accepted sockets live
     */
    public ServerBootstrap pathServer(EventLoop acceptor, EventLoopGroup children) {
        ServerBootstrap bootstrap = server(acceptor, children).channel(classes.tcpServer());
        SocketOptions.forPath(kind, allocator).forEach((option, value) -> setChild(bootstrap, option, value));
        return bootstrap;
    }

    /** For connecting a stream to its destination: reading starts when it is asked for. */
    public Bootstrap streamClient(EventLoop loop) {
        Bootstrap bootstrap = new Bootstrap().group(loop).channel(classes.tcp());
        SocketOptions.forTcpStream(allocator).forEach((option, value) -> set(bootstrap, option, value));
        return bootstrap.option(ChannelOption.AUTO_READ, false);
    }

    /** For accepting the programs whose connections become streams. */
    public ServerBootstrap streamServer(EventLoop acceptor, EventLoopGroup children) {
        ServerBootstrap bootstrap = server(acceptor, children).channel(classes.tcpServer());
        SocketOptions.forTcpStream(allocator).forEach((option, value) -> setChild(bootstrap, option, value));
        return bootstrap;
    }

    /** As {@link #streamServer}, but the kernel may hand over connections to any address (IP_TRANSPARENT); with epoll only. */
    public ServerBootstrap transparentServer(EventLoop acceptor, EventLoopGroup children) {
        return streamServer(acceptor, children).option(EpollChannelOption.IP_TRANSPARENT, true);
    }

    /** As {@link #streamClient}, for Unix-domain sockets. */
    public Bootstrap unixStreamClient(EventLoop loop) {
        Bootstrap bootstrap = new Bootstrap().group(loop).channel(classes.unix());
        SocketOptions.forUnixStream(allocator).forEach((option, value) -> set(bootstrap, option, value));
        return bootstrap.option(ChannelOption.AUTO_READ, false);
    }

    /** As {@link #streamServer}, for Unix-domain sockets. */
    public ServerBootstrap unixStreamServer(EventLoop acceptor, EventLoopGroup children) {
        ServerBootstrap bootstrap =
                new ServerBootstrap().group(acceptor, children).channel(classes.unixServer());
        SocketOptions.forUnixStream(allocator).forEach((option, value) -> setChild(bootstrap, option, value));
        return bootstrap;
    }

    /** For datagrams, of up to 17 KiB; longer ones arrive cut to that. */
    public Bootstrap udp(EventLoop loop) {
        Bootstrap bootstrap = new Bootstrap().group(loop).channelFactory(classes.udp());
        SocketOptions.forUdp(allocator).forEach((option, value) -> set(bootstrap, option, value));
        return bootstrap;
    }

    /** Binds a socket for datagrams that is connected to nobody. */
    public ChannelFuture bindUdp(EventLoop loop, SocketAddress address, ChannelHandler handler) {
        return udp(loop).handler(handler).bind(address);
    }

    /** The address of a Unix-domain socket in the form that this transport takes. */
    public SocketAddress unixAddress(Path path) {
        return kind == TransportKind.NIO ? UnixDomainSocketAddress.of(path) : new DomainSocketAddress(path.toFile());
    }

    /** Closes every socket of the loops and ends their threads; waits for that, unless it is called on one of them. */
    @Override
    public void close() {
        var ended = group.shutdownGracefully(CLOSE_QUIET_MILLIS, CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        for (var loop : group) {
            if (loop.inEventLoop()) {
                return;
            }
        }
        ended.awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** No heap arenas: what goes through a socket is direct anyway. */
    private static ByteBufAllocator pool(int loops) {
        return new PooledByteBufAllocator(
                true,
                0,
                loops,
                PAGE_BYTES,
                CHUNK_ORDER,
                PooledByteBufAllocator.defaultSmallCacheSize(),
                PooledByteBufAllocator.defaultNormalCacheSize(),
                PooledByteBufAllocator.defaultUseCacheForAllThreads());
    }

    private static ServerBootstrap server(EventLoop acceptor, EventLoopGroup children) {
        return new ServerBootstrap()
                .group(acceptor, children)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, LISTEN_BACKLOG);
    }

    @SuppressWarnings("unchecked")
    private static <T> void set(Bootstrap bootstrap, ChannelOption<T> option, Object value) {
        bootstrap.option(option, (T) value);
    }

    @SuppressWarnings("unchecked")
    private static <T> void set(Channel channel, ChannelOption<T> option, Object value) {
        channel.config().setOption(option, (T) value);
    }

    @SuppressWarnings("unchecked")
    private static <T> void setChild(ServerBootstrap bootstrap, ChannelOption<T> option, Object value) {
        bootstrap.childOption(option, (T) value);
    }
}
