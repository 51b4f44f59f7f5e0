package holdfast.client.door;

import holdfast.client.opening.DoorPolicy;
import holdfast.client.opening.RequestDeadline;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;

/** Furnishes every connection that a listener accepts. */
@Sharable
final class Accepted extends ChannelInitializer<Channel> {
    private final DoorPolicy policy;

    Accepted(DoorPolicy policy) {
        this.policy = policy;
    }

    @Override
    protected void initChannel(Channel accepted) {
        accepted.pipeline().addLast(new RequestDeadline(policy.requestTimeout()), new FirstByteHandler(policy));
    }
}
