package holdfast.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** Tells a relay what its socket does. */
final class RelayHandler extends ChannelInboundHandlerAdapter {
    private final Relay relay;

    RelayHandler(Relay relay) {
        this.relay = relay;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        relay.socketRead((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        relay.socketReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            relay.socketFinished();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            relay.socketWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        relay.socketClosed();
    }

    /** Connection reset, or a write to a socket that takes no more: the channel closes, and that is the news. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
