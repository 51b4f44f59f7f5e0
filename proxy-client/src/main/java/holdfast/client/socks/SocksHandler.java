package holdfast.client.socks;

import holdfast.client.opening.DoorPolicy;
import holdfast.client.opening.LastWords;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * Gathers a program's bytes until a conversation has what it needs. It reads only while something is missing, so what follows a request stays in the
 * kernel, but for what came along with it.
 */
public final class SocksHandler extends ChannelInboundHandlerAdapter {
    /** One version of SOCKS. */
    interface Conversation {
        /**
         * Takes what it can from the bytes, answers, and opens. Borrows the buffer.
         *
         * @return whether it is over: there is an opening, or last words
         * @throws SocksException if the bytes are wrong
         */
        boolean proceed(Channel channel, ByteBuf received) throws SocksException;

        /** The last answer after wrong bytes; gives ownership. */
        ByteBuf refusal(SocksException cause);
    }

    private final Conversation conversation;
    private ByteBuf received = Unpooled.EMPTY_BUFFER;

    private SocksHandler(Conversation conversation) {
        this.conversation = conversation;
    }

    /** For a connection whose first byte is 4. */
    public static SocksHandler version4(DoorPolicy policy) {
        return new SocksHandler(new Socks4Conversation(policy));
    }

    /** For a connection whose first byte is 5. */
    public static SocksHandler version5(DoorPolicy policy) {
        return new SocksHandler(new Socks5Conversation(policy));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        received = received.isReadable() ? joined(ctx, bytes) : replaced(bytes);
        boolean over = true;
        try {
            over = conversation.proceed(ctx.channel(), received);
        } catch (SocksException e) {
            LastWords.send(ctx.channel(), conversation.refusal(e));
        }
        if (over) {
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        received.release();
        received = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private ByteBuf joined(ChannelHandlerContext ctx, ByteBuf bytes) {
        ByteBuf both = ctx.alloc().buffer(received.readableBytes() + bytes.readableBytes());
        both.writeBytes(received).writeBytes(bytes);
        bytes.release();
        received.release();
        return both;
    }

    private ByteBuf replaced(ByteBuf bytes) {
        received.release();
        return bytes;
    }
}
