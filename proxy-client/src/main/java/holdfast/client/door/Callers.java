package holdfast.client.door;

import holdfast.client.opening.Admission;
import holdfast.transport.SocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other users of this machine out of listeners that are for its own user: nothing leaves this machine before it is known whose a connection is. On systems that
 * cannot tell, everybody who can connect may. Where the kernel cannot be asked about a single connection, thousands of sockets are open or have just been closed, and no other user has been met, a connection is
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

    /** For any thread. */
    void open() {
        if (allowed.canBeTold()) {
            owners.open();
        }
    }

    /** For any thread. */
    void close() {
        owners.close();
    }

    /** Stands first in the pipeline of a connection. */
    ChannelInboundHandlerAdapter check() {
        return new Check();
    }

    /**
     * Nothing of a connection leaves this machine before it is known whose it is. What a SOCKS5 program says until it is connected may pass meanwhile, because it
     * takes as long to say as the answer takes to come: {@link Admission} holds the stream back. Everything else is kept here, and all of it where another user
     * was met lately.
     */
    private final class Check extends ChannelInboundHandlerAdapter {
        private final List<Object> kept = new ArrayList<>();
        private boolean admitted;
        private boolean isBegun;
        private int passed;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            Channel channel = ctx.channel();
            if (channel instanceof EpollDomainSocketChannel unix) {
                decide(ctx, ownerOf(unix));
            } else if (channel.remoteAddress() instanceof InetSocketAddress program
                    && channel.localAddress() instanceof InetSocketAddress door
                    && allowed.canBeTold()) {
                owners.find(program, door, uid -> decide(ctx, uid));
                if (!admitted
                        && channel.isActive()
                        && !owners.isStrict()
                        && ctx.pipeline().get(FirstByteHandler.class) != null) {
                    isBegun = true;
                    Admission.withhold(channel);
                    ctx.fireChannelActive();
                }
            } else {
                decide(ctx, SocketOwners.UNTOLD);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (kept.isEmpty() && EarlyWords.mayPass((ByteBuf) message, passed)) {
                passed++;
                ctx.fireChannelRead(message);
            } else {
                kept.add(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (kept.isEmpty()) {
                ctx.fireChannelReadComplete();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            kept.add(event);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            kept.forEach(ReferenceCountUtil::release);
            kept.clear();
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
            if (admitted) {
                return;
            }
            admitted = true;
            if (!isBegun) {
                ctx.fireChannelActive();
            }
            Admission.grant(ctx.channel());
            List<Object> waiting = List.copyOf(kept);
            kept.clear();
            for (Object each : waiting) {
                if (each instanceof ByteBuf) {
                    ctx.fireChannelRead(each);
                } else {
                    ctx.fireUserEventTriggered(each);
                }
            }
            if (!waiting.isEmpty()) {
                ctx.fireChannelReadComplete();
            }
            ctx.pipeline().remove(this);
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
