package holdfast.client.door;

import holdfast.client.http.HttpDoor;
import holdfast.client.opening.DoorPolicy;
import holdfast.client.socks.SocksHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** Looks at the first byte of a connection: 5 is SOCKS5, 4 is SOCKS4, what a method can begin with is HTTP; everything else is closed. */
final class FirstByteHandler extends ChannelInboundHandlerAdapter {
    private final DoorPolicy policy;

    FirstByteHandler(DoorPolicy policy) {
        this.policy = policy;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int first = bytes.getUnsignedByte(bytes.readerIndex());
        if (first == 5) {
            ctx.pipeline().addLast(SocksHandler.version5(policy));
        } else if (first == 4) {
            ctx.pipeline().addLast(SocksHandler.version4(policy));
        } else if (HttpDoor.canBeginWith(first)) {
            HttpDoor.enter(ctx.pipeline(), policy);
        } else {
            bytes.release();
            ctx.close();
            return;
        }
        ctx.fireChannelRead(bytes);
        ctx.pipeline().remove(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
