package holdfast.client.door;

import holdfast.client.opening.Opening;
import holdfast.protocol.OpenRequest;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** A connection that is for one destination, whatever its program says. */
final class ForwardHandler extends ChannelInboundHandlerAdapter {
    private final Service.Forward forward;

    ForwardHandler(Service.Forward forward) {
        this.forward = forward;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        ctx.pipeline().remove(this);
        Opening.beginUnasked(ctx.channel(), forward.policy().opener(), OpenRequest.tcp(forward.to()));
    }
}
