package holdfast.client.http;

import holdfast.protocol.ErrorCode;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One request passed on to its destination, and the response passed back. Both are made anew hop by hop; their bodies are not looked at. */
final class Exchange implements Origin.Asker {
    /** What became of an exchange; one of these is called, once. */
    interface Outcome {
        /** Both are complete; the program may ask again on this connection, or not. */
        void onComplete(boolean keepAlive);

        /** The program has heard nothing yet and is to hear this. */
        void onRefused(HttpRefusal refusal);

        /** The program has heard a part, and is not to take it for the whole. */
        void onBroken();

        /** The destination dropped a connection that had served before, maybe before it saw this request: the program is to try again. */
        void onStale();

        /** The response agreed to another protocol, which begins now. */
        void onUpgraded();
    }

    /** A status has three digits (RFC 9112 section 4). */
    private static final int LEAST_STATUS = 100;

    private static final int MOST_STATUS = 999;

    private enum ResponseState {
        HEAD,
        INFORMATION,
        INFORMATION_NOT_WANTED,
        UPGRADE,
        BODY
    }

    private final ChannelHandlerContext ctx;
    private final ResponseEncoder encoder;
    private final Origin origin;
    private final boolean reused;
    private final Outcome outcome;
    private final boolean toHead;
    private final boolean understandsHttp11;
    private final @Nullable String upgrade;

    private ResponseState state = ResponseState.HEAD;
    private boolean keepAlive;
    private boolean originKeepsAlive;
    private boolean requestComplete;

    Exchange(
            ChannelHandlerContext ctx,
            ResponseEncoder encoder,
            HttpRequest request,
            Origin origin,
            boolean reused,
            Outcome outcome) {
        this.ctx = ctx;
        this.encoder = encoder;
        this.origin = origin;
        this.reused = reused;
        this.outcome = outcome;
        this.toHead = request.method().equals(HttpMethod.HEAD);
        this.understandsHttp11 = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        this.upgrade = understandsHttp11 ? HopByHop.upgrade(request.headers()) : null;
        this.keepAlive = HttpUtil.isKeepAlive(request);
    }

    /** Sends the head of the request, which is changed for that. */
    void begin(HttpRequest request, RequestTarget.Foreign target) {
        HttpHeaders headers = request.headers();
        HopByHop.removeFrom(headers);
        if (upgrade != null) {
            headers.set("Connection", "Upgrade").set("Upgrade", upgrade);
        }
        if (!target.authority().equals(headers.get(HttpHeaderNames.HOST))) {
            headers.set("Host", target.authority());
        }
        request.setProtocolVersion(HttpVersion.HTTP_1_1).setUri(target.path());
        origin.serve(this);
        origin.send(request);
    }

    /** Takes ownership of a further part of the request. */
    void send(HttpObject part) {
        if (part instanceof HttpContent && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            origin.drop();
            fail(new HttpRefusal(HttpResponseStatus.BAD_REQUEST, "The body of the request is malformed."));
            return;
        }
        requestComplete = part instanceof LastHttpContent;
        origin.send(part);
    }

    /** No more of the request is at hand now. */
    void flush() {
        origin.flush();
    }

    boolean isRequestComplete() {
        return requestComplete;
    }

    boolean takesMoreOfTheRequest() {
        return !requestComplete && origin.isWritable();
    }

    boolean originCanServeAgain() {
        return originKeepsAlive && requestComplete && !origin.isOver();
    }

    @Override
    public boolean takesMore() {
        return ctx.channel().isWritable();
    }

    @Override
    public void onBytes(int count) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(left -> origin.consumed(count));
    }

    @Override
    public void onWritable() {
        if (!requestComplete) {
            ctx.read();
        }
    }

    @Override
    public void onPart(HttpObject part) {
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            origin.drop();
            fail(badAnswer("The destination's answer is not HTTP."));
        } else if (part instanceof HttpResponse response) {
            head(response);
        } else {
            body((HttpContent) part);
        }
    }

    @Override
    public void onLost(ErrorCode code, String text) {
        if (reused && state == ResponseState.HEAD) {
            outcome.onStale();
        } else {
            fail(
                    code == ErrorCode.NONE
                            ? badAnswer("The destination closed the connection without an answer.")
                            : HttpRefusal.of(code, text));
        }
    }

    private void head(HttpResponse response) {
        HttpResponseStatus status = response.status();
        if (status.code() < LEAST_STATUS || status.code() > MOST_STATUS) {
            // To some readers 1 is a 1xx, behind which comes no body.
            origin.drop();
            fail(badAnswer("The destination's answer is not HTTP."));
        } else if (status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            upgrade(response);
        } else if (status.codeClass() == HttpStatusClass.INFORMATIONAL) {
            state = understandsHttp11 ? ResponseState.INFORMATION : ResponseState.INFORMATION_NOT_WANTED;
            if (understandsHttp11) {
                HopByHop.removeFrom(response.headers());
                ctx.write(response);
            }
        } else if (!HopByHop.bodyIsUnderstood(response.headers())) {
            origin.drop();
            fail(badAnswer("The destination's answer has a transfer coding that nobody asked for."));
        } else {
            state = ResponseState.BODY;
            encoder.respondsToHead(toHead);
            ctx.write(framed(response));
        }
    }

    private void upgrade(HttpResponse response) {
        if (upgrade == null) {
            origin.drop();
            fail(badAnswer("The destination changed the protocol unasked."));
            return;
        }
        state = ResponseState.UPGRADE;
        String agreed = response.headers().get(HttpHeaderNames.UPGRADE, upgrade);
        HopByHop.removeFrom(response.headers());
        response.headers().set("Connection", "Upgrade").set("Upgrade", agreed);
        ctx.write(response);
    }

    /** The response as the program can take it: it has to see where the body ends (RFC 9112 section 6.3). */
    private HttpResponse framed(HttpResponse response) {
        HttpHeaders headers = response.headers();
        boolean chunked = HttpUtil.isTransferEncodingChunked(response);
        int code = response.status().code();
        boolean endIsMarked =
                toHead || code == 204 || code == 304 || chunked || headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        originKeepsAlive = endIsMarked && HttpUtil.isKeepAlive(response);
        HopByHop.removeFrom(headers);
        if (!understandsHttp11 && (chunked || !endIsMarked)) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
            keepAlive = false;
        } else if (!endIsMarked) {
            headers.set("Transfer-Encoding", "chunked");
        }
        keepAlive &= requestComplete;
        if (!keepAlive) {
            headers.set("Connection", "close");
        } else if (!understandsHttp11) {
            headers.set("Connection", "keep-alive");
        }
        return response.setProtocolVersion(HttpVersion.HTTP_1_1);
    }

    private void body(HttpContent content) {
        if (state == ResponseState.INFORMATION_NOT_WANTED) {
            content.release();
        } else {
            ctx.write(content);
        }
        if (!(content instanceof LastHttpContent)) {
            return;
        }
        ctx.flush();
        switch (state) {
            case UPGRADE -> outcome.onUpgraded();
            case BODY -> outcome.onComplete(keepAlive);
            default -> state = ResponseState.HEAD;
        }
    }

    private void fail(HttpRefusal refusal) {
        if (state == ResponseState.BODY || state == ResponseState.UPGRADE) {
            outcome.onBroken();
        } else {
            outcome.onRefused(refusal);
        }
    }

    private static HttpRefusal badAnswer(String text) {
        return new HttpRefusal(HttpResponseStatus.BAD_GATEWAY, text);
    }
}
