package holdfast.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind TLS until the handshake is over: turns the success of one without our protocol into a failure (not every engine can be told to
 * insist on it), and passes on one event where the handshake's exceptions and events would say the same thing several times.
 */
final class ProtocolCheck extends ChannelInboundHandlerAdapter {
    private final SslHandler tls;
    private final HandshakeLimit limit;
    private final List<String> protocols;
    private @Nullable Throwable firstFailure;
    private boolean over;

    ProtocolCheck(SslHandler tls, HandshakeLimit limit, List<String> protocols) {
        this.tls = tls;
        this.limit = limit;
        this.protocols = protocols;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent completion)) {
            context.fireUserEventTriggered(event);
            return;
        }
        if (over) {
            return;
        }
        over = true;
        String protocol = tls.applicationProtocol();
        if (!completion.isSuccess()) {
            Throwable cause = firstFailure == null ? completion.cause() : firstFailure;
            context.fireUserEventTriggered(new SslHandshakeCompletionEvent(cause));
            context.close();
        } else if (protocol != null && protocols.contains(protocol)) {
            limit.lift(context);
            // From now on buffers are encrypted as they come, in full records, and not first copied together. Not
            // before: until the handshake is over
            // SslHandler never leaves the loop that splits a buffer of more than 16 KiB, because the JDK's engine takes
            // nothing of it.
            tls.setWrapDataSize(0);
            context.fireUserEventTriggered(event);
            context.pipeline().remove(this);
        } else {
            context.fireUserEventTriggered(new SslHandshakeCompletionEvent(new SSLHandshakeException(
                    "the peer speaks " + (protocol == null ? "no protocol by ALPN" : "'" + protocol + "'") + ", "
                            + String.join(" or ", protocols) + " is expected")));
            context.close();
        }
    }

    /** Nothing may reach the handlers behind from a peer that was refused. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (firstFailure == null) {
            firstFailure = cause;
        }
        if (over) {
            context.close();
        }
    }
}
