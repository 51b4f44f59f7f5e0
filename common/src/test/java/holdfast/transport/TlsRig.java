package holdfast.transport;

import holdfast.identity.Pin;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A gateway's TLS end on a loopback port, and clients for it; tells how each handshake went. */
final class TlsRig implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 20;

    private final EventLoops loops = EventLoops.start(TransportKind.AUTO, 2, "tls-test");
    private final HandshakeThreads threads = HandshakeThreads.start(2, 16);
    private final TlsEndpoint gateway;
    private final Channel listener;
    private final BlockingQueue<End> accepted = new LinkedBlockingQueue<>();

    TlsRig(TlsEndpoint gateway) {
        this(gateway, (rig, end) -> end.await(gateway, rig.threads));
    }

    /** A gateway whose handshakes run there. */
    static TlsRig on(Executor tasks, TlsEndpoint gateway) {
        return new TlsRig(gateway, (rig, end) -> end.await(gateway, tasks));
    }

    /** A gateway that speaks some other kind of TLS. */
    static TlsRig speaking(SslContext other, TlsEndpoint unused) {
        return new TlsRig(unused, (rig, end) -> {
            SslHandler made = other.newHandler(end.channel().alloc());
            end.channel().pipeline().addLast(made);
            end.install(made);
        });
    }

    private TlsRig(TlsEndpoint gateway, BiConsumer<TlsRig, End> install) {
        this.gateway = gateway;
        listener = loops.pathServer(loops.next(), loops.group())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        End end = new End(channel);
                        install.accept(TlsRig.this, end);
                        accepted.add(end);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    EventLoops loops() {
        return loops;
    }

    /** The gateway's side of the next connection. */
    End accepted() throws Exception {
        End end = accepted.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (end == null) {
            throw new AssertionError("nobody connected");
        }
        return end;
    }

    End connect(TlsEndpoint client) {
        return connect(end -> end.install(client, threads));
    }

    /** A client that speaks as {@code install} has it. */
    End connect(Consumer<End> install) {
        CompletableFuture<End> made = new CompletableFuture<>();
        Bootstrap bootstrap = loops.pathClient(loops.next()).handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                End end = new End(channel);
                install.accept(end);
                made.complete(end);
            }
        });
        bootstrap.connect(address()).syncUninterruptibly();
        return made.join();
    }

    @Override
    public void close() {
        loops.close();
        threads.close();
        gateway.close();
    }

    /** One end of one connection. */
    static final class End extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
        private final CompletableFuture<SslHandler> success = new CompletableFuture<>();
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private volatile boolean hearsOfTls;

        End(Channel channel) {
            this.channel = channel;
        }

        void install(TlsEndpoint endpoint, Executor tasks) {
            install(endpoint.addTo(channel.pipeline(), tasks));
        }

        /** As a gateway does it. */
        void await(TlsEndpoint endpoint, Executor tasks) {
            TlsEndpoint.awaitOn(channel.pipeline(), () -> endpoint, tasks);
            hearsOfTls = true;
            channel.pipeline().addLast(this);
        }

        /** Whether an engine was made. */
        boolean hasTls() {
            return channel.pipeline().get(SslHandler.class) != null;
        }

        /** Hears of the handshake of a handler that stands in the pipeline; null for an end without TLS. */
        void install(@Nullable SslHandler handler) {
            hearsOfTls = handler != null;
            channel.pipeline().addLast(this);
        }

        Channel channel() {
            return channel;
        }

        SslHandler handshake() throws Exception {
            return success.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }

        Pin peer() throws Exception {
            return TlsContexts.peerPin(handshake());
        }

        Throwable failure() throws Exception {
            return failure.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }

        boolean isClosed() {
            return channel.closeFuture().awaitUninterruptibly(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }

        /** Waits until it is written. */
        void send(String text) {
            ByteBuf bytes = channel.alloc().directBuffer();
            bytes.writeCharSequence(text, StandardCharsets.UTF_8);
            channel.writeAndFlush(bytes).syncUninterruptibly();
        }

        String receive() throws Exception {
            String text = received.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return text == null ? "(nothing)" : text;
        }

        boolean hasReceived() {
            return !received.isEmpty();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            received.add(((ByteBuf) message).toString(StandardCharsets.UTF_8));
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent completion && hearsOfTls) {
                if (completion.isSuccess()
                        && !success.complete(context.pipeline().get(SslHandler.class))) {
                    throw new AssertionError("told twice of success");
                }
                if (!completion.isSuccess() && !failure.complete(completion.cause())) {
                    throw new AssertionError("told twice of failure");
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failure.complete(cause);
            context.close();
        }
    }
}
