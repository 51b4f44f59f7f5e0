package holdfast.client.door;

import holdfast.client.opening.RequestDeadline;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;

/** Furnishes every connection that a listener accepts. */
@Sharable
final class Accepted extends ChannelInitializer<Channel> {
    private final Listener listener;
    private final Callers callers;
    private final Connections connections;

    Accepted(Listener listener, Callers callers, Connections connections) {
        this.listener = listener;
        this.callers = callers;
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel accepted) {
        ChannelPipeline pipeline = accepted.pipeline();
        if (mustBeKnown()) {
            pipeline.addLast(callers.check());
        }
        Service service = listener.service();
        // What the kernel has turned here is, for its program, connected with somebody else; with whom is found out
        // then.
        if (!(service instanceof Service.Redirected)) {
            connections.add(accepted);
        }
        if (service instanceof Service.Forward forward) {
            pipeline.addLast(new ForwardHandler(forward));
        } else if (service instanceof Service.Redirected redirected) {
            pipeline.addLast(new RedirectHandler(redirected, listener.address(), connections));
        } else {
            pipeline.addLast(
                    new RequestDeadline(service.policy().requestTimeout()), new FirstByteHandler(service.policy()));
        }
    }

    /** Where a password is asked for, or other machines are welcome, who runs the program says nothing; and what is turned here is everybody's. */
    private boolean mustBeKnown() {
        return !(listener.service() instanceof Service.Redirected)
                && listener.service().policy().credentials() == null
                && !listener.isOpenToOthers();
    }
}
