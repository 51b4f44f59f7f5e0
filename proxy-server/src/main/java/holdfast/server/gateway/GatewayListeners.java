package holdfast.server.gateway;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.identity.Pin;
import holdfast.server.budget.Arrivals;
import holdfast.server.budget.Source;
import holdfast.server.budget.Stranger;
import holdfast.server.chain.ChainCheck;
import holdfast.server.session.SessionDirectory;
import holdfast.transport.EventLoops;
import holdfast.transport.PathChannel;
import holdfast.transport.SocketOptions;
import holdfast.transport.TlsContexts;
import holdfast.transport.TlsEndpoint;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for paths on any number of addresses. A connection has ten seconds, from accept on, to say what it is for. */
public final class GatewayListeners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.gateway");
    private static final int GREETING_SECONDS = 10;

    private final EventLoops loops;
    private final Supplier<TlsEndpoint> tls;
    private final Gatekeeper gatekeeper;
    private final SessionDirectory sessions;
    private final Arrivals arrivals;
    private final Lanes lanes;
    private final ChainCheck chains;
    private final List<OtherProtocol> others;
    private final List<Channel> listeners = new ArrayList<>();

    /**
     * Where key operations of handshakes run, and files are read; both bounded.
     *
     * @param known for who comes from where somebody has logged in lately
     * @param strangers for everybody else
     */
    public record Lanes(Executor known, Executor strangers) {}

    /**
     * Listeners.
     *
     * @param chains judges through which relays connections come
     * @param others what clients may speak besides; the TLS endpoint has to offer it
     */
    public GatewayListeners(
            EventLoops loops,
            Supplier<TlsEndpoint> tls,
            Gatekeeper gatekeeper,
            SessionDirectory sessions,
            Arrivals arrivals,
            Lanes lanes,
            ChainCheck chains,
            List<OtherProtocol> others) {
        this.loops = loops;
        this.tls = tls;
        this.gatekeeper = gatekeeper;
        this.sessions = sessions;
        this.arrivals = arrivals;
        this.lanes = lanes;
        this.chains = chains;
        this.others = List.copyOf(others);
    }

    /**
     * Listens on an address. Returns the address with the port that was taken.
     *
     * @throws FatalException 73 where that cannot be had
     */
    public InetSocketAddress listen(InetSocketAddress address) {
        ServerBootstrap bootstrap =
                loops.pathServer(loops.next(), loops.group()).childHandler(new Entrance());
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            Throwable cause = bound.cause();
            throw new FatalException(
                    ExitCode.CANNOT_CREATE,
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": "
                            + (cause == null ? "unknown reason" : cause.getMessage())
                            + "; end what uses the port, or choose another with --listen");
        }
        // Behind Netty's own handler, which accepts nothing for a second after a failure.
        bound.channel().pipeline().addLast(new AcceptFailures());
        listeners.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /** Takes no further connections. */
    @Override
    public void close() {
        listeners.forEach(each -> each.close().awaitUninterruptibly());
    }

    /** Says why nothing is accepted; files may have run out. */
    private static final class AcceptFailures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.atWarn()
                    .addKeyValue("address", context.channel().localAddress())
                    .addKeyValue("error", String.valueOf(cause.getMessage()))
                    .log("accept.paused");
        }
    }

    private final class Entrance extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            Stranger stranger = arrivals.arrived(
                    Source.of(channel.remoteAddress()),
                    System.nanoTime(),
                    () -> channel.eventLoop().execute(() -> SocketOptions.abort(channel)));
            if (stranger == null) {
                SocketOptions.abort(channel);
                return;
            }
            channel.closeFuture().addListener(closed -> stranger.left());
            Executor lane = stranger.isKnown() ? lanes.known() : lanes.strangers();
            ChainPreface preface = new ChainPreface();
            channel.pipeline().addLast(preface);
            TlsEndpoint.awaitOn(channel.pipeline(), tls, lane);
            channel.pipeline().addLast(new Handshake(preface, stranger, lane, deadline(channel)));
        }

        private ScheduledFuture<?> deadline(Channel channel) {
            return channel.eventLoop().schedule(() -> channel.close(), GREETING_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Waits for TLS, then makes way for the path's own handler. */
    private final class Handshake extends ChannelInboundHandlerAdapter {
        private final ChainPreface preface;
        private final Stranger stranger;
        private final Executor lane;
        private final ScheduledFuture<?> deadline;

        Handshake(ChainPreface preface, Stranger stranger, Executor lane, ScheduledFuture<?> deadline) {
            this.preface = preface;
            this.stranger = stranger;
            this.lane = lane;
            this.deadline = deadline;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent done)) {
                context.fireUserEventTriggered(event);
            } else if (done.isSuccess()) {
                greet(context);
            } else {
                reportFailure(context.channel(), done.cause());
            }
        }

        private void greet(ChannelHandlerContext context) {
            Channel channel = context.channel();
            SslHandler handler = context.pipeline().get(SslHandler.class);
            try {
                Pin key = TlsContexts.peerPin(handler);
                Runnable greeted = () -> deadline.cancel(false);
                OtherProtocol other = chosen(handler.applicationProtocol());
                if (other == null) {
                    PathChannel.receiving(
                            channel,
                            new Greeter(
                                    key,
                                    gatekeeper,
                                    sessions,
                                    stranger,
                                    lane,
                                    () -> chains.judge(preface.body(), Instant.now()),
                                    greeted));
                } else if (preface.body().length > 0) {
                    // Only sessions know of relays.
                    channel.close();
                    return;
                } else {
                    other.welcome(channel, new OtherProtocol.Newcomer(key, stranger, lane, greeted));
                }
                context.pipeline().remove(this);
            } catch (SSLPeerUnverifiedException e) {
                reportFailure(channel, e);
                channel.close();
            }
        }

        /** Null for the session's own. */
        private @Nullable OtherProtocol chosen(@Nullable String name) {
            for (OtherProtocol each : others) {
                if (each.name().equals(name)) {
                    return each;
                }
            }
            return null;
        }

        private void reportFailure(Channel channel, @Nullable Throwable cause) {
            LOG.atDebug()
                    .addKeyValue("peer", channel.remoteAddress())
                    .addKeyValue("reason", cause == null ? "unknown" : cause.getMessage())
                    .log("handshake.failed");
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            deadline.cancel(false);
            context.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            reportFailure(context.channel(), cause);
            context.close();
        }
    }
}
