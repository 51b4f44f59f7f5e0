package holdfast.client.door;

import holdfast.client.opening.Destinations;
import holdfast.client.opening.Opening;
import holdfast.protocol.OpenRequest;
import holdfast.transport.OriginalDestination;
import holdfast.transport.SocketOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of a program that knows of no proxy, turned here by the kernel. Its program believes itself connected already. */
final class RedirectHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(RedirectHandler.class);

    private final Service.Redirected service;
    private final ListenAddress listener;
    private final Connections connections;

    RedirectHandler(Service.Redirected service, ListenAddress listener, Connections connections) {
        this.service = service;
        this.listener = listener;
        this.connections = connections;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        ctx.pipeline().remove(this);
        Channel channel = ctx.channel();
        InetSocketAddress meant =
                service.transparent() ? (InetSocketAddress) channel.localAddress() : OriginalDestination.of(channel);
        String fault = faultOf(meant, channel);
        if (fault == null && meant != null) {
            connections.add(channel, meant);
            Opening.beginUnasked(
                    channel,
                    service.policy().opener(),
                    OpenRequest.tcp(Destinations.ip(meant.getAddress().getAddress(), meant.getPort())));
            return;
        }
        LOG.atWarn()
                .addKeyValue("listener", listener)
                .addKeyValue("destination", meant == null ? "?" : meant)
                .addKeyValue("reason", fault)
                .log("redirect.refused");
        SocketOptions.abort(channel);
    }

    private @Nullable String faultOf(@Nullable InetSocketAddress meant, Channel channel) {
        InetSocketAddress here = (InetSocketAddress) channel.localAddress();
        boolean isListener = meant != null
                && meant.getPort() == service.port(listener)
                && (service.transparent() || meant.equals(here));
        if (meant == null || (isListener && meant.getAddress().isLoopbackAddress())) {
            return "nothing was redirected: this port is only for what the rules of  proxy-client redirect-rules  turn"
                    + " here";
        }
        if (service.gateways().contains(meant)) {
            return "the gateway itself: the rules have to leave it out, see  proxy-client redirect-rules";
        }
        return null;
    }
}
