package holdfast.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class HalfClosedSocketTest {
    private static final int MUCH = 8 * 1024 * 1024;

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aSocketThatIsNotReadAndWhosePeerHalfClosedStillTakesMoreThanTheKernelHolds(TransportKind kind)
            throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        try (EventLoops loops = EventLoops.start(kind, 1, "half-closed")) {
            InetSocketAddress server = serve(loops, ended);

            try (Socket program = new Socket(server.getAddress(), server.getPort())) {
                program.getOutputStream().write('?');
                program.shutdownOutput();
                assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
                byte[] answer = program.getInputStream().readAllBytes();

                assertThat(answer).hasSize(MUCH);
            }
        }
    }

    /** Reads once, and writes a little later, when the peer's end has been dealt with. */
    private static InetSocketAddress serve(EventLoops loops, CountDownLatch ended) {
        EventLoop loop = loops.next();
        return (InetSocketAddress) loops.streamServer(loop, loop)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Answerer(ended));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel()
                .localAddress();
    }

    private static final class Answerer extends ChannelInboundHandlerAdapter {
        private final CountDownLatch ended;

        Answerer(CountDownLatch ended) {
            this.ended = ended;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.read();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            ctx.read(); // one more, which finds the end
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ctx.executor().schedule(() -> answer(ctx), 50, TimeUnit.MILLISECONDS);
                ended.countDown();
            }
        }

        private static void answer(ChannelHandlerContext ctx) {
            ByteBuf much = ctx.alloc().buffer(MUCH).writeZero(MUCH);
            ctx.writeAndFlush(much).addListener(written -> ((DuplexChannel) ctx.channel()).shutdownOutput());
        }
    }
}
