package holdfast.client.dns;

import holdfast.dns.DnsFrames;
import holdfast.dns.DnsQuery;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Questions over a TCP connection, answered as the answers come (RFC 7766 section 6.2.1.1). One that cannot be read ends the connection. */
final class DnsTcpHandler extends ChannelInboundHandlerAdapter {
    /** How long a connection may be without a question on its way. */
    private static final long IDLE_SECONDS = 30;

    private static final int MAX_PIPELINED = 100;

    private final DnsRelay relay;
    private ByteBuf received = Unpooled.EMPTY_BUFFER;
    private int asked;
    private boolean inputEnded;
    private @Nullable ScheduledFuture<?> idle;

    DnsTcpHandler(DnsRelay relay) {
        this.relay = relay;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        awaitNext(ctx);
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        received = Unpooled.wrappedBuffer(received, (ByteBuf) message);
        byte[] question;
        while (ctx.channel().isActive() && (question = DnsFrames.read(received)) != null) {
            ask(ctx, question);
        }
        if (received.readableBytes() > DnsQuery.MAX_BYTES + 2) {
            ctx.close();
        }
        ByteBuf rest = received.isReadable() ? received.copy() : Unpooled.EMPTY_BUFFER;
        received.release();
        received = rest;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (asked < MAX_PIPELINED) {
            ctx.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            closeIfDone(ctx);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        received.release();
        received = Unpooled.EMPTY_BUFFER;
        stopWaiting();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void ask(ChannelHandlerContext ctx, byte[] question) {
        DnsQuery query;
        try {
            query = DnsQuery.parse(question);
        } catch (IllegalArgumentException malformed) {
            ctx.close();
            return;
        }
        stopWaiting();
        asked++;
        relay.ask(query, answer -> answered(ctx, answer));
    }

    private void answered(ChannelHandlerContext ctx, byte[] answer) {
        asked--;
        if (!ctx.channel().isActive()) {
            return;
        }
        ctx.writeAndFlush(DnsFrames.of(answer));
        closeIfDone(ctx);
        if (asked == 0) {
            awaitNext(ctx);
        }
        if (!inputEnded && asked == MAX_PIPELINED - 1) {
            ctx.read();
        }
    }

    private void closeIfDone(ChannelHandlerContext ctx) {
        if (inputEnded && asked == 0) {
            // Behind what was written.
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> ctx.close());
        }
    }

    private void awaitNext(ChannelHandlerContext ctx) {
        stopWaiting();
        idle = ctx.executor().schedule(() -> ctx.close(), IDLE_SECONDS, TimeUnit.SECONDS);
    }

    private void stopWaiting() {
        if (idle != null) {
            idle.cancel(false);
            idle = null;
        }
    }
}
