package holdfast.bench.sessions;

import holdfast.protocol.Destination;
import holdfast.transport.EventLoops;
import holdfast.transport.TransportKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;

/**
 * The destination of all streams: what its first byte asks for, it does, an echo or a download without end. What it has sent and nobody has taken is little for
 * each connection: on a machine that is client, gateway and destination in one, the kernel's memory for TCP would be used up by what is in between, and it would
 * drop segments.
 */
public final class Source {
    private static final int SEND_BUFFER = 64 * 1024;
    private static final int PIECE = 64 * 1024;

    private final EventLoops loops = EventLoops.start(TransportKind.AUTO, 1, "destination");
    private final Channel listener;

    private Source(InetSocketAddress at, ByteBuf pattern) {
        listener = loops.streamServer(loops.next(), loops.group())
                .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Serving(pattern));
                    }
                })
                .bind(at)
                .syncUninterruptibly()
                .channel();
    }

    /** Serves at ADDRESS:PORT until it is killed. */
    public static void main(String... arguments) throws InterruptedException {
        if (!(Destination.parse(arguments[0]) instanceof Destination.Ip at)) {
            throw new IllegalArgumentException("'" + arguments[0] + "' is not ADDRESS:PORT");
        }
        ByteBuf pattern = Request.pattern(UnpooledByteBufAllocator.DEFAULT, PIECE);
        new Source(new InetSocketAddress(at.address(), at.port()), pattern)
                .listener
                .closeFuture()
                .sync();
    }

    private static final class Serving extends ChannelInboundHandlerAdapter {
        private final ByteBuf pattern;
        private boolean asked;
        private boolean sends;
        private int place;

        Serving(ByteBuf pattern) {
            this.pattern = pattern;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!(message instanceof ByteBuf bytes)) {
                ReferenceCountUtil.release(message);
                return;
            }
            if (!asked) {
                asked = true;
                sends = bytes.readByte() == Request.DOWNLOAD;
            }
            if (sends || !bytes.isReadable()) {
                bytes.release();
                send(context);
            } else {
                context.writeAndFlush(bytes);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            send(context);
        }

        private void send(ChannelHandlerContext context) {
            while (sends && context.channel().isWritable()) {
                int from = place;
                // Before the write, by which this may be called again.
                place = (place + PIECE) % Request.PERIOD;
                context.write(pattern.retainedSlice(from, PIECE));
            }
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
