package holdfast.client.door;

import holdfast.transport.SocketOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other users of this machine out of listeners that are for its own user: a connection is looked at only when it is known whose it is. On systems that
 * cannot tell, everybody who can connect may. While thousands of sockets are open or have just been closed, and no other user has been met, a connection is
 * let in at once and reset within half a second if it turns out to be another user's.
 */
final class Callers {
    private static final Logger LOG = LoggerFactory.getLogger(Callers.class);

    private final AllowedUsers allowed;
    private final SocketOwners owners;

    /** @param slowWork reads the table of sockets */
    Callers(AllowedUsers allowed, EventLoop loop, Executor slowWork) {
        this.allowed = allowed;
        this.owners = new SocketOwners(loop, slowWork);
    }

    /** Stands first in the pipeline of a connection. */
    ChannelInboundHandlerAdapter check() {
        return new Check();
    }

    private final class Check extends ChannelInboundHandlerAdapter {
        private boolean admitted;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            Channel channel = ctx.channel();
            if (channel instanceof EpollDomainSocketChannel unix) {
                decide(ctx, ownerOf(unix));
            } else if (channel.remoteAddress() instanceof InetSocketAddress program
                    && channel.localAddress() instanceof InetSocketAddress door
                    && allowed.canBeTold()) {
                owners.find(program, door, uid -> decide(ctx, uid));
            } else {
                decide(ctx, SocketOwners.UNTOLD);
            }
        }

        private void decide(ChannelHandlerContext ctx, int uid) {
            if (!ctx.channel().isActive()) {
                return;
            }
            if (uid == SocketOwners.UNTOLD || uid == SocketOwners.PRESUMED || allowed.contains(uid)) {
                admit(ctx);
                return;
            }
            if (uid == SocketOwners.GONE) {
                // One that was let in has ended in the meantime, as connections do.
                if (!admitted) {
                    ctx.close();
                }
                return;
            }
            owners.metAnother();
            LOG.atWarn()
                    .addKeyValue("uid", uid)
                    .addKeyValue("advice", "--allow-user " + uid + " lets this user's programs in")
                    .log("door.refused_user");
            SocketOptions.abort(ctx.channel());
        }

        private void admit(ChannelHandlerContext ctx) {
            if (!admitted) {
                admitted = true;
                ctx.fireChannelActive();
                ctx.pipeline().remove(this);
            }
        }
    }

    private static int ownerOf(EpollDomainSocketChannel unix) {
        try {
            return unix.peerCredentials().uid();
        } catch (IOException e) {
            return SocketOwners.GONE;
        }
    }
}
