package holdfast.client.http;

import holdfast.client.opening.Credentials;
import holdfast.client.opening.DoorPolicy;
import holdfast.client.opening.LastWords;
import holdfast.client.opening.Opening;
import holdfast.client.opening.RequestDeadline;
import holdfast.driver.StreamHandle;
import holdfast.protocol.OpenRequest;
import holdfast.relay.Relay;
import holdfast.transport.SocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * HTTP as a program speaks it to a proxy: takes one request after the other and decides what becomes of it, a tunnel, an {@link Exchange} with its destination,
 * or an answer of our own. It reads only when the next part has somewhere to go.
 *
 * <pre>
 *   IDLE --CONNECT--> TUNNEL (gone when the request is complete)
 *   IDLE --absolute URI--> EXCHANGE --both complete--> IDLE
 *   any  --refused, own page--> CLOSING
 * </pre>
 */
final class ProxyHandler extends ChannelInboundHandlerAdapter {
    private enum State {
        IDLE,
        TUNNEL,
        EXCHANGE,
        CLOSING
    }

    private final DoorPolicy policy;
    private final HttpRequestDecoder decoder;
    private final ResponseEncoder encoder;
    /** What was decoded although its turn has not come: the rest of the last read, at most. */
    private final Deque<HttpObject> waiting = new ArrayDeque<>();

    private State state = State.IDLE;
    private RequestTarget.@Nullable Tunnel tunnel;
    private DoorPolicy tunnelPolicy;
    private ByteBuf early = Unpooled.EMPTY_BUFFER;
    private @Nullable Exchange exchange;
    private @Nullable Origin origin;
    private boolean inputEnded;
    /** Whether the request that is under way is HEAD, so that no answer to it has a body. */
    private boolean toHead;

    ProxyHandler(DoorPolicy policy, HttpRequestDecoder decoder, ResponseEncoder encoder) {
        this.policy = policy;
        this.tunnelPolicy = policy;
        this.decoder = decoder;
        this.encoder = encoder;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf rest) {
            early = Unpooled.wrappedBuffer(early, rest);
        } else {
            boolean inTurn = state == State.IDLE && waiting.isEmpty();
            waiting.add((HttpObject) message);
            advance(ctx, inTurn);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.flush();
        }
        readOn(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (origin != null) {
            origin.readOn();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (state == State.IDLE) {
                ctx.close();
            } else if (exchange != null && !exchange.isRequestComplete()) {
                // A part of the answer may have left already, and is not to be taken for the whole.
                SocketOptions.abort(ctx.channel());
            }
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        ctx.fireChannelInactive();
    }

    /** What is not the connection's failure is a fault of ours: the end of the pipeline logs it. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            ctx.fireExceptionCaught(cause);
        }
        ctx.close();
    }

    /** @param inTurn whether nothing was decoded between the answer to the last request and this one */
    private void advance(ChannelHandlerContext ctx, boolean inTurn) {
        while (!waiting.isEmpty() && (exchange == null || !exchange.isRequestComplete())) {
            HttpObject part = waiting.remove();
            if (exchange != null) {
                exchange.send(part);
            } else if (state == State.TUNNEL && part instanceof LastHttpContent) {
                startTunnel(ctx);
            } else if (state == State.IDLE && part instanceof HttpRequest request) {
                begin(ctx, request, inTurn);
            } else {
                ReferenceCountUtil.release(part);
            }
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request, boolean inTurn) {
        RequestDeadline.met(ctx.channel());
        toHead = request.method().equals(HttpMethod.HEAD);
        try {
            check(request);
            RequestTarget target = RequestTarget.parse(request.method(), request.uri());
            if (target instanceof RequestTarget.Own own) {
                String host = request.headers().get(HttpHeaderNames.HOST);
                HttpAnswer answer = OwnPages.answer(ctx.channel().localAddress(), request.method(), own.path(), host);
                close(ctx, answer.toBytes(toHead));
                return;
            }
            authorize(request);
            if (target instanceof RequestTarget.Foreign foreign) {
                startExchange(ctx, request, foreign);
            } else {
                requireTunnelable(request, inTurn);
                state = State.TUNNEL;
                tunnel = (RequestTarget.Tunnel) target;
                tunnelPolicy = OpenHeader.applied(request, policy);
            }
        } catch (HttpRefusal refusal) {
            ReferenceCountUtil.release(request);
            refuse(ctx, refusal);
        }
    }

    private static void check(HttpRequest request) throws HttpRefusal {
        if (request.decoderResult().isFailure()) {
            Throwable cause = request.decoderResult().cause();
            if (cause instanceof TooLongHttpLineException) {
                throw new HttpRefusal(HttpResponseStatus.REQUEST_URI_TOO_LONG, "The request line is too long.");
            }
            if (cause instanceof TooLongHttpHeaderException) {
                throw new HttpRefusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too long.");
            }
            throw new HttpRefusal(HttpResponseStatus.BAD_REQUEST, "This is not an HTTP/1.1 request.");
        }
        if (request.protocolVersion().majorVersion() != 1) {
            throw new HttpRefusal(HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "This proxy speaks HTTP/1.1.");
        }
        if (request.headers().getAll(HttpHeaderNames.HOST).size() > 1) {
            throw new HttpRefusal(HttpResponseStatus.BAD_REQUEST, "The request names more than one host.");
        }
        if (!HopByHop.bodyIsUnderstood(request.headers())) {
            throw new HttpRefusal(HttpResponseStatus.NOT_IMPLEMENTED, "The only transfer coding here is chunked.");
        }
    }

    private void authorize(HttpRequest request) throws HttpRefusal {
        Credentials wanted = policy.credentials();
        String shown = request.headers().get(HttpHeaderNames.PROXY_AUTHORIZATION);
        if (wanted != null && !ProxyAuthorization.shows(shown, wanted)) {
            throw new HttpRefusal(
                    HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED, "This proxy wants a user and password.");
        }
    }

    /** What follows a CONNECT is not HTTP, so nothing behind it may have been decoded, and it has no body that a tunnel could be mistaken for. */
    private static void requireTunnelable(HttpRequest request, boolean inTurn) throws HttpRefusal {
        if (!inTurn) {
            throw new HttpRefusal(
                    HttpResponseStatus.BAD_REQUEST, "CONNECT has to wait for the answer to the request before it.");
        }
        if (request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                || HttpUtil.getContentLength(request, 0L) != 0) {
            throw new HttpRefusal(HttpResponseStatus.BAD_REQUEST, "CONNECT has no body.");
        }
    }

    private void startTunnel(ChannelHandlerContext ctx) {
        OpenRequest request = OpenRequest.tcp(Objects.requireNonNull(tunnel).destination());
        ctx.pipeline().remove(decoder);
        ctx.pipeline().remove(encoder);
        ByteBuf behind = early;
        early = Unpooled.EMPTY_BUFFER;
        ctx.pipeline().remove(this);
        Opening.begin(ctx.channel(), tunnelPolicy, request, behind, ConnectAnswer.INSTANCE);
    }

    private void startExchange(ChannelHandlerContext ctx, HttpRequest request, RequestTarget.Foreign target) {
        boolean reused =
                origin != null && !origin.isOver() && origin.destination().equals(target.destination());
        if (!reused) {
            dropOrigin();
            origin = new Origin(target.destination(), policy.opener(), HttpDoor.limits());
        }
        state = State.EXCHANGE;
        exchange = new Exchange(ctx, encoder, request, Objects.requireNonNull(origin), reused, new Ending(ctx));
        exchange.begin(request, target);
    }

    private void readOn(ChannelHandlerContext ctx) {
        boolean wanted = exchange == null ? state == State.IDLE : exchange.takesMoreOfTheRequest();
        if (wanted && !inputEnded) {
            ctx.read();
        }
    }

    private void refuse(ChannelHandlerContext ctx, HttpRefusal refusal) {
        HttpAnswer answer = HttpAnswer.of(refusal);
        if (refusal.status().equals(HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED)) {
            answer.header("Proxy-Authenticate", "Basic realm=\"proxy\", charset=\"UTF-8\"");
        }
        close(ctx, answer.toBytes(toHead));
    }

    /** @param answer takes ownership; goes behind everything that was written */
    private void close(ChannelHandlerContext ctx, ByteBuf answer) {
        state = State.CLOSING;
        release();
        ctx.pipeline().remove(encoder);
        LastWords.send(ctx.channel(), answer);
    }

    private void dropOrigin() {
        if (origin != null) {
            origin.drop();
            origin = null;
        }
    }

    private void release() {
        exchange = null;
        dropOrigin();
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        early.release();
        early = Unpooled.EMPTY_BUFFER;
    }

    /** How the exchange that is under way ends. */
    private final class Ending implements Exchange.Outcome {
        private final ChannelHandlerContext ctx;

        Ending(ChannelHandlerContext ctx) {
            this.ctx = ctx;
        }

        @Override
        public void onComplete(boolean keepAlive) {
            Exchange complete = Objects.requireNonNull(exchange);
            if (!keepAlive || inputEnded) {
                close(ctx, Unpooled.EMPTY_BUFFER);
                return;
            }
            exchange = null;
            state = State.IDLE;
            if (origin != null && complete.originCanServeAgain()) {
                origin.serve(null);
            } else {
                dropOrigin();
            }
            RequestDeadline.awaitNext(ctx.channel());
            // Not within this call, which came from the stream that the next request may go to.
            ctx.executor().execute(() -> {
                advance(ctx, false);
                channelReadComplete(ctx);
            });
        }

        @Override
        public void onRefused(HttpRefusal refusal) {
            refuse(ctx, refusal);
        }

        @Override
        public void onBroken() {
            SocketOptions.abort(ctx.channel());
        }

        @Override
        public void onStale() {
            close(ctx, Unpooled.EMPTY_BUFFER);
        }

        @Override
        public void onUpgraded() {
            Channel channel = ctx.channel();
            Origin upgraded = Objects.requireNonNull(origin);
            ctx.pipeline().remove(decoder);
            ctx.pipeline().remove(encoder);
            ByteBuf behind = early;
            early = Unpooled.EMPTY_BUFFER;
            StreamHandle stream = upgraded.release(channel::write);
            channel.flush();
            origin = null;
            ctx.pipeline().remove(ProxyHandler.this);
            stream.write(behind);
            Relay.start(channel, stream);
            if (inputEnded) {
                channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
        }
    }
}
