package holdfast.transport;

import holdfast.console.FaultPoint;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One end's TLS settings and key, ready to be put on any number of paths. Every thread may use it. */
public final class TlsEndpoint implements AutoCloseable {
    private static final long HANDSHAKE_TIMEOUT_SECONDS = 10;
    private static final long CLOSE_NOTIFY_TIMEOUT_MILLIS = 500;

    private final TlsProvider provider;
    private final SslContextBuilder builder;
    private final List<String> protocols;
    private final @Nullable SslContext shared;

    private TlsEndpoint(
            TlsProvider provider, SslContextBuilder builder, List<String> protocols, @Nullable SslContext shared) {
        this.provider = provider;
        this.builder = builder;
        this.protocols = List.copyOf(protocols);
        this.shared = shared;
    }

    /** With a context for each path: what the JDK keeps for resumption lives in the context, so there is nothing a later path could resume. */
    static TlsEndpoint withJdk(SslContextBuilder builder, List<String> protocols) throws SSLException {
        TlsEndpoint endpoint = new TlsEndpoint(TlsProvider.JDK, builder, protocols, null);
        endpoint.context();
        return endpoint;
    }

    /** With one context, because making one is expensive; tickets are switched off for each path. */
    static TlsEndpoint withOpenSsl(SslContextBuilder builder, List<String> protocols) throws SSLException {
        return new TlsEndpoint(TlsProvider.OPENSSL, builder, protocols, builder.build());
    }

    /** What {@link TlsProvider#AUTO} became. */
    public TlsProvider provider() {
        return provider;
    }

    /**
     * Adds TLS to the end of a new path's pipeline. The handlers behind it see one {@link io.netty.handler.ssl.SslHandshakeCompletionEvent}: a
     * successful one only if the peer speaks one of our protocols and passed the pin check; after any other the channel is closed.
     *
     * <p>For a client success does not yet mean that the gateway takes its key: TLS 1.3 tells the client first.
     *
     * @param tasks runs what would hold up the loop, usually {@link HandshakeThreads}; a task it rejects fails that handshake
     */
    public SslHandler addTo(ChannelPipeline pipeline, Executor tasks) {
        FaultPoint.reach("connection");
        SslHandler handler = newHandler(pipeline.channel().alloc(), tasks);
        HandshakeLimit limit = new HandshakeLimit();
        pipeline.addLast(limit, handler, new ProtocolCheck(handler, limit, protocols));
        return handler;
    }

    /**
     * As {@link #addTo}, for the end that strangers connect to: TLS is added, and its engine made, when the peer's first record is whole.
     *
     * @param endpoint whose key and settings are used then
     */
    public static void awaitOn(ChannelPipeline pipeline, Supplier<TlsEndpoint> endpoint, Executor tasks) {
        FaultPoint.reach("connection");
        HandshakeLimit limit = new HandshakeLimit();
        pipeline.addLast(limit, new FirstRecord(own -> endpoint.get().addBehind(own, limit, tasks)));
    }

    private void addBehind(ChannelHandlerContext before, HandshakeLimit limit, Executor tasks) {
        SslHandler handler = newHandler(before.alloc(), tasks);
        before.pipeline()
                .addAfter(before.name(), null, new ProtocolCheck(handler, limit, protocols))
                .addAfter(before.name(), null, handler);
    }

    /** Frees the engine's memory. Paths that have TLS keep working. */
    @Override
    public void close() {
        ReferenceCountUtil.release(shared);
    }

    private SslHandler newHandler(ByteBufAllocator allocator, Executor tasks) {
        SslHandler handler;
        try {
            // Without host and port, by which an engine would look for a session to resume.
            handler = context().newHandler(allocator, tasks);
        } catch (SSLException e) {
            throw new IllegalStateException("it worked when the endpoint was made", e);
        }
        if (handler.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
        }
        handler.setHandshakeTimeout(HANDSHAKE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_TIMEOUT_MILLIS);
        return handler;
    }

    private SslContext context() throws SSLException {
        return shared == null ? builder.build() : shared;
    }
}
