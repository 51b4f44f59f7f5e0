package holdfast.server.listen;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.StreamKind;
import holdfast.relay.EarlyBytes;
import holdfast.relay.Relay;
import holdfast.server.audit.StreamEntry;
import holdfast.server.budget.SessionBudget;
import holdfast.server.destination.Admission;
import holdfast.server.destination.StreamMeter;
import holdfast.server.policy.Grants;
import holdfast.transport.EventLoops;
import holdfast.transport.SocketOptions;
import holdfast.transport.UnixSocketFile;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one stream of kind BIND or LISTEN stands for: a listening socket that is there as long as the stream is, and hands over what connects to it
 * (PROTOCOL.md section 5.5).
 */
final class Listener implements StreamListener {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.listen");

    private final EventLoops loops;
    private final ListenPolicy policy;
    private final StreamKind kind;
    private final Admission admission;
    private final SessionBudget session;
    private final StreamEntry entry;
    private final StreamHandle stream;
    private final EventLoop loop;

    /** Who may connect, and that only one may; empty for everybody, as often as they like. */
    private Set<InetAddress> peers = Set.of();

    private boolean onlyOne;
    private long patienceMillis;
    private @Nullable Channel socket;
    private Grants.@Nullable Grant grant;
    private @Nullable ScheduledFuture<?> patience;
    private Destination place = Destination.parse("0.0.0.0:0");
    private boolean full;
    private boolean over;

    /** The session's share of streams was taken for it, and is given back at its end. */
    Listener(
            EventLoops loops,
            ListenPolicy policy,
            StreamKind kind,
            Admission admission,
            SessionBudget session,
            StreamHandle stream,
            StreamEntry entry) {
        this.loops = loops;
        this.policy = policy;
        this.kind = kind;
        this.admission = admission;
        this.entry = entry;
        this.session = session;
        this.stream = stream;
        this.loop = stream.eventLoop();
    }

    /**
     * Takes one connection only, and that from these peers.
     *
     * @param from a wildcard address among them stands for any
     * @param limitMillis how long to wait for it once somebody listens
     */
    void expectOne(Set<InetAddress> from, long limitMillis) {
        onlyOne = true;
        peers = from.stream().anyMatch(InetAddress::isAnyLocalAddress) ? Set.of() : Set.copyOf(from);
        patienceMillis = limitMillis;
    }

    /** Listens at the first of the ports that is free, and accepts the stream; or rejects it. */
    void listenAt(InetAddress address, PortSearch ports) {
        tryNext(address, ports, "no port is left to listen at " + address.getHostAddress());
    }

    private void tryNext(InetAddress address, PortSearch ports, String lastFailure) {
        int port = ports.next();
        if (over) {
            return;
        }
        if (port < 0) {
            refuse(ErrorCode.ADDRESS_UNAVAILABLE, lastFailure);
            return;
        }
        if (!policy.check(session.user().user(), kind, address, port).allowed()) {
            tryNext(address, ports, lastFailure);
            return;
        }
        Destination.Ip at = new Destination.Ip(address, port);
        bind(loops.streamServer(loop, loop), new InetSocketAddress(address, port), made -> bound(made, at), failure -> {
            tryNext(address, ports, "the gateway cannot listen at " + at + ": " + failure.getMessage());
        });
    }

    /**
     * Listens at a Unix-domain socket for its owner only, and accepts the stream; or rejects it.
     *
     * @param slowWork where it is found out whether something is there already, which may wait for whoever listens there
     */
    void listenAt(Path path, Executor slowWork) {
        try {
            slowWork.execute(() -> {
                try {
                    UnixSocketFile.clear(path);
                    loop.execute(() -> bindTo(path));
                } catch (IOException e) {
                    loop.execute(() -> refuse(
                            ErrorCode.ADDRESS_UNAVAILABLE,
                            "the gateway cannot listen at " + path + ": " + e.getMessage()));
                }
            });
        } catch (RejectedExecutionException e) {
            refuse(ErrorCode.LIMIT_REACHED, "the gateway is too busy to look at " + path);
        }
    }

    private void bindTo(Path path) {
        if (over) {
            return;
        }
        bind(
                loops.unixStreamServer(loop, loop),
                loops.unixAddress(path),
                made -> boundTo(made, path),
                failure -> refuse(
                        ErrorCode.ADDRESS_UNAVAILABLE,
                        "the gateway cannot listen at " + path + ": " + failure.getMessage()));
    }

    private void boundTo(Channel made, Path path) {
        made.closeFuture().addListener(closed -> Files.deleteIfExists(path));
        try {
            UnixSocketFile.protect(path);
        } catch (IOException e) {
            made.close();
            refuse(ErrorCode.ADDRESS_UNAVAILABLE, "the permissions of " + path + " cannot be set: " + e.getMessage());
            return;
        }
        bound(made, new Destination.Unix(path.toString()));
    }

    private interface Then<T> {
        void go(T value);
    }

    private void bind(ServerBootstrap bootstrap, SocketAddress address, Then<Channel> made, Then<Throwable> failed) {
        ChannelFuture binding = bootstrap
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new Accepted())
                .bind(address);
        // A socket that could not even be made reports from a thread of Netty's own.
        binding.addListener(done -> loop.execute(() -> {
            if (done.isSuccess()) {
                made.go(binding.channel());
            } else {
                failed.go(done.cause());
            }
        }));
    }

    private void bound(Channel made, Destination at) {
        if (over) {
            made.close();
            return;
        }
        socket = made;
        place = at;
        entry.reached(at);
        log("listener.open");
        stream.accept(at);
        grant = policy.hold(session.user().user(), kind, at, () -> loop.execute(this::withdraw));
        if (onlyOne) {
            patience = loop.schedule(() -> end(ErrorCode.TIMED_OUT), patienceMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** Nobody may, or can, listen there. */
    void refuse(ErrorCode code, String reason) {
        if (over) {
            return;
        }
        LOG.atInfo()
                .addKeyValue("stream", stream.id())
                .addKeyValue("user", session.user().user())
                .addKeyValue("code", code)
                .addKeyValue("reason", reason)
                .log("listener.refused");
        entry.over(code, reason);
        stream.reject(code, reason);
        close();
    }

    private void connected(Channel connection) {
        SocketAddress from = connection.remoteAddress();
        boolean expected =
                peers.isEmpty() || (from instanceof InetSocketAddress tcp && peers.contains(tcp.getAddress()));
        if (over || full || !expected || !session.takeStream()) {
            LOG.atInfo()
                    .addKeyValue("stream", stream.id())
                    .addKeyValue("user", session.user().user())
                    .addKeyValue("address", place)
                    .addKeyValue("peer", from)
                    .log("listener.turned-away");
            SocketOptions.abort(connection);
            return;
        }
        connection.closeFuture().addListener(closed -> session.giveStreamBack());
        if (onlyOne) {
            full = true;
            closeSocket();
        }
        Destination peer =
                from instanceof InetSocketAddress tcp ? new Destination.Ip(tcp.getAddress(), tcp.getPort()) : place;
        StreamEntry forwarded = admission.entry(session, "forwarded", place);
        forwarded.reached(peer);
        StreamHandle handedOver = stream.handOver(peer);
        Relay.start(connection, handedOver, new StreamMeter(session, forwarded));
        holdGrant(connection, handedOver);
    }

    /** What came in by a listener that is not allowed any more ends with it. */
    private void holdGrant(Channel connection, StreamHandle through) {
        Grants.Grant held = policy.hold(
                session.user().user(),
                kind,
                place,
                () -> loop.execute(() -> {
                    // First the stream, so that the reset carries this reason and not that of a closed socket.
                    through.reset(ErrorCode.NOT_ALLOWED);
                    SocketOptions.abort(connection);
                }));
        connection.closeFuture().addListener(closed -> held.release());
    }

    // The stream.

    @Override
    public void onReadable() {
        for (ByteBuf bytes = stream.read(); bytes != null; bytes = stream.read()) {
            stream.consumed(bytes.readableBytes());
            bytes.release();
        }
        if (stream.isEndOfStream()) {
            end(ErrorCode.CANCELLED);
        }
    }

    @Override
    public void onWritable() {
        // Nothing is ever written.
    }

    @Override
    public void onStopped(ErrorCode code) {
        close();
    }

    @Override
    public void onReset(ErrorCode code) {
        close();
    }

    private void withdraw() {
        entry.over(ErrorCode.NOT_ALLOWED, "listening at " + place + " is not allowed any more");
        end(ErrorCode.NOT_ALLOWED);
    }

    private void end(ErrorCode code) {
        if (!over) {
            stream.reset(code);
            close();
        }
    }

    private void close() {
        if (over) {
            return;
        }
        over = true;
        if (grant != null) {
            grant.release();
        }
        if (socket != null) {
            log("listener.closed");
        }
        closeSocket();
        session.giveStreamBack();
        entry.over(ErrorCode.NONE, "the listener has ended");
    }

    private void closeSocket() {
        if (patience != null) {
            patience.cancel(false);
        }
        if (socket != null) {
            socket.close();
        }
    }

    private void log(String event) {
        LOG.atInfo()
                .addKeyValue("stream", stream.id())
                .addKeyValue("user", session.user().user())
                .addKeyValue("address", place)
                .log(event);
    }

    private final class Accepted extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel connection) {
            connection.pipeline().addLast(new EarlyBytes(), new HandOver());
        }
    }

    private final class HandOver extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.pipeline().remove(this);
            connected(context.channel());
        }
    }
}
