package holdfast.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of socket works on every transport this machine has. */
final class EventLoopsTest {
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void tcpSocketsOfPathsAndStreamsTalk(TransportKind kind) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            Echo path = new Echo();
            Channel paths = loops.pathServer(loops.next(), loops.group())
                    .childHandler(path)
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            say(loops.pathClient(loops.next())
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(paths.localAddress())
                    .sync()
                    .channel());
            assertThat(path.heard()).isEqualTo("hello");

            Echo stream = new Echo();
            Channel streams = loops.streamServer(loops.next(), loops.group())
                    .childHandler(stream)
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            Channel program = loops.streamClient(loops.next())
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(streams.localAddress())
                    .sync()
                    .channel();
            assertThat(program.config().isAutoRead()).isFalse();
            say(program);
            assertThat(stream.heard()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void unixDomainSocketsTalk(TransportKind kind, @TempDir Path folder) throws Exception {
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            SocketAddress address = loops.unixAddress(folder.resolve("s"));
            Echo echo = new Echo();
            loops.unixStreamServer(loops.next(), loops.group())
                    .childHandler(echo)
                    .bind(address)
                    .sync();
            say(loops.unixStreamClient(loops.next())
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(address)
                    .sync()
                    .channel());
            assertThat(echo.heard()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void datagramsArrive(TransportKind kind) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        try (EventLoops loops = EventLoops.start(kind, 1, "test")) {
            Channel listener = loops.udp(loops.next())
                    .handler(new SimpleChannelInboundHandler<DatagramPacket>() {
                        @Override
                        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
                            heard.complete(packet.content().toString(StandardCharsets.US_ASCII));
                        }
                    })
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            Channel sender = loops.udp(loops.next())
                    .handler(new ChannelInboundHandlerAdapter())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            sender.writeAndFlush(
                    new DatagramPacket(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII), (InetSocketAddress)
                            listener.localAddress()));

            assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
        }
    }

    @Test
    void theUnsentPartOfAPathsKernelBufferIsKeptShort() throws Exception {
        try (EventLoops loops = EventLoops.start(TransportKind.EPOLL, 1, "test")) {
            Channel listener = loops.pathServer(loops.next(), loops.group())
                    .childHandler(new ChannelInboundHandlerAdapter())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            Channel path = loops.pathClient(loops.next())
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(listener.localAddress())
                    .sync()
                    .channel();

            assertThat(path.config().getOption(EpollChannelOption.TCP_NOTSENT_LOWAT))
                    .isEqualTo(16_384);
            assertThat(SocketOptions.limitUnsent(path, 65_536)).isTrue();
            assertThat(path.config().getOption(EpollChannelOption.TCP_NOTSENT_LOWAT))
                    .isEqualTo(65_536);
        }
    }

    @Test
    void aTransportThatIsNotThereIsRefusedWithTheReason() {
        assertThatThrownBy(() -> EventLoops.start(TransportKind.KQUEUE, 1, "test"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the kqueue transport was asked for but does not work here");
    }

    private static void say(Channel channel) {
        channel.writeAndFlush(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII));
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<String> heard = new CompletableFuture<>();

        String heard() throws Exception {
            return heard.get(20, TimeUnit.SECONDS);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            heard.complete(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }
    }
}
