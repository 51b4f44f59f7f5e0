package holdfast.client.mtatls;

import holdfast.protocol.Destination;
import holdfast.transport.EventLoops;
import holdfast.transport.TlsEndpoint;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Connects to one of the gateway's addresses and does the TLS handshake. Belongs to one event loop; the gateway's own name is looked up off it. */
final class MtaTlsDialer {
    private static final int CONNECT_MILLIS = 5_000;

    private final EventLoops loops;
    private final EventLoop loop;
    private final TlsEndpoint tls;
    private final Executor slowWork;

    /** What became of an attempt; exactly one is called, on the event loop. */
    interface Outcome {
        /** The connection is encrypted; nothing follows in its pipeline. */
        void onConnected(Channel channel);

        void onFailed(Throwable cause);
    }

    MtaTlsDialer(EventLoops loops, EventLoop loop, TlsEndpoint tls, Executor slowWork) {
        this.loops = loops;
        this.loop = loop;
        this.tls = tls;
        this.slowWork = slowWork;
    }

    void dial(Destination gateway, Outcome outcome) {
        try {
            slowWork.execute(() -> {
                try {
                    InetAddress address = addressOf(gateway);
                    loop.execute(() -> connect(new InetSocketAddress(address, gateway.port()), outcome));
                } catch (UnknownHostException e) {
                    loop.execute(() -> outcome.onFailed(e));
                }
            });
        } catch (RejectedExecutionException e) {
            loop.execute(() -> outcome.onFailed(e));
        }
    }

    private static InetAddress addressOf(Destination gateway) throws UnknownHostException {
        if (gateway instanceof Destination.Ip ip) {
            return ip.address();
        }
        if (gateway instanceof Destination.Name name) {
            return InetAddress.getByName(name.host());
        }
        throw new UnknownHostException(gateway + " is no address of a gateway");
    }

    private void connect(InetSocketAddress to, Outcome outcome) {
        loops.pathClient(loop)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        tls.addTo(channel.pipeline(), slowWork);
                        channel.pipeline().addLast(new Handshake(outcome));
                    }
                })
                .connect(to)
                .addListener(done -> {
                    Throwable cause = done.cause();
                    if (cause != null) {
                        // A socket that could not even be made reports from a thread of Netty's own.
                        loop.execute(() -> outcome.onFailed(cause));
                    }
                });
    }

    /** Waits for TLS, then makes way. */
    private static final class Handshake extends ChannelInboundHandlerAdapter {
        private final Outcome outcome;
        private boolean over;

        Handshake(Outcome outcome) {
            this.outcome = outcome;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent done)) {
                context.fireUserEventTriggered(event);
            } else if (done.isSuccess()) {
                over = true;
                outcome.onConnected(context.channel());
                context.pipeline().remove(this);
            } else {
                fail(done.cause());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel().isRegistered() && !over) {
                fail(new IOException("closed during the handshake"));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(cause);
            context.close();
        }

        private void fail(@Nullable Throwable cause) {
            if (!over) {
                over = true;
                outcome.onFailed(cause == null ? new IOException("the handshake failed") : cause);
            }
        }
    }
}
