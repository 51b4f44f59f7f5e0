package holdfast.relay;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a socket brings before its relay starts, in the order in which it came: a server that speaks first, an end of file, a reset. A socket
 * that does not read by itself may still deliver some of this. Once removed, which {@link Relay#start} does, it hands everything on.
 */
public final class EarlyBytes extends ChannelInboundHandlerAdapter {
    private final Queue<Object> kept = new ArrayDeque<>();
    private @Nullable Throwable failure;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        kept.add(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            kept.add(event);
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        boolean open = context.channel().isOpen();
        for (Object next = kept.poll(); next != null; next = kept.poll()) {
            if (!open) {
                ReferenceCountUtil.release(next);
            } else if (next instanceof ChannelInputShutdownEvent) {
                context.fireUserEventTriggered(next);
            } else {
                context.fireChannelRead(next);
            }
        }
        if (failure != null) {
            context.fireExceptionCaught(failure);
        }
    }
}
