package holdfast.client.opening;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection that has not said what it wants in time. The time is counted from the start, so that single bytes do not stretch it. */
public final class RequestDeadline extends ChannelInboundHandlerAdapter {
    private final Duration allowed;
    private @Nullable Future<?> running;
    private boolean awaiting;

    public RequestDeadline(Duration allowed) {
        this.allowed = allowed;
    }

    /** The request is complete. From now on the connection may be idle for as long as it likes. */
    public static void met(Channel channel) {
        RequestDeadline deadline = channel.pipeline().get(RequestDeadline.class);
        if (deadline != null) {
            deadline.stop();
        }
    }

    /** As {@link #met}, and no further request will come. */
    public static void metForGood(Channel channel) {
        if (channel.pipeline().get(RequestDeadline.class) != null) {
            channel.pipeline().remove(RequestDeadline.class);
        }
    }

    /** A further request may come on this connection. There is no hurry before its first byte. */
    public static void awaitNext(Channel channel) {
        RequestDeadline deadline = channel.pipeline().get(RequestDeadline.class);
        if (deadline != null) {
            deadline.awaiting = true;
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        start(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (awaiting) {
            start(ctx.channel());
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stop();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stop();
        ctx.fireChannelInactive();
    }

    private void start(Channel channel) {
        awaiting = false;
        running = channel.eventLoop().schedule(() -> channel.close(), allowed.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stop() {
        awaiting = false;
        if (running != null) {
            running.cancel(false);
            running = null;
        }
    }
}
