package holdfast.client.opening;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Says a last thing and closes so that it arrives: a socket closed with unread bytes in it sends RST, and that may overtake the answer. So the outgoing half is
 * ended first, and what the program still sends is read and dropped until it closes too, for a short time.
 */
public final class LastWords extends ChannelInboundHandlerAdapter {
    private static final long PATIENCE_MILLIS = 2_000;

    private LastWords() {}

    /**
     * Sends the answer and closes the connection in order. The handler whose last words these are has removed itself, or ignores what it hears from now on.
     *
     * @param answer takes ownership
     */
    public static void send(Channel channel, ByteBuf answer) {
        channel.pipeline().addFirst(new LastWords());
        channel.writeAndFlush(answer).addListener(sent -> {
            if (sent.isSuccess() && channel instanceof DuplexChannel duplex && !duplex.isInputShutdown()) {
                duplex.shutdownOutput().addListener(ended -> channel.read());
            } else {
                channel.close();
            }
        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        var patience = ctx.executor().schedule(() -> ctx.close(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        ctx.channel().closeFuture().addListener((ChannelFutureListener) closed -> patience.cancel(false));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof ChannelInputShutdownReadComplete) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
