package holdfast.server.destination;

import holdfast.dns.DnsAnswer;
import holdfast.dns.DnsFrames;
import holdfast.dns.DnsQuery;
import holdfast.transport.EventLoops;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The name server that this machine is set up to ask, asked by TCP, which every one has to serve (RFC 7766 section 5). */
public final class NameServer {
    private static final int PORT = 53;
    private static final long PATIENCE_SECONDS = 5;
    private static final String KEY = "nameserver";

    private final EventLoops loops;
    private final Executor slowWork;
    private final Path settings;

    /** @param slowWork reads the settings, each time, so that a change needs no restart */
    public NameServer(EventLoops loops, Executor slowWork) {
        this(loops, slowWork, Path.of("/etc/resolv.conf"));
    }

    NameServer(EventLoops loops, Executor slowWork, Path settings) {
        this.loops = loops;
        this.slowWork = slowWork;
        this.settings = settings;
    }

    /** Asks, and tells the whole answer on the loop, which may be that there is none now. */
    void ask(EventLoop loop, DnsQuery query, Consumer<byte[]> answered) {
        try {
            slowWork.execute(() -> {
                InetAddress server = server();
                loop.execute(() -> ask(loop, server, query, answered));
            });
        } catch (RejectedExecutionException tooMuch) {
            answered.accept(DnsAnswer.failure(query));
        }
    }

    private void ask(EventLoop loop, @Nullable InetAddress server, DnsQuery query, Consumer<byte[]> answered) {
        if (server == null) {
            answered.accept(DnsAnswer.failure(query));
            return;
        }
        Exchange exchange = new Exchange(query, answered);
        ChannelFuture connecting = loops.streamClient(loop)
                .disableResolver()
                .handler(exchange)
                .connect(new InetSocketAddress(server, PORT));
        exchange.expire(loop, connecting.channel());
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                loop.execute(exchange::fail);
            }
        });
    }

    private @Nullable InetAddress server() {
        try {
            for (String line : Files.readAllLines(settings)) {
                String[] words = line.strip().split("\\s+", -1);
                if (words.length >= 2 && words[0].equals(KEY)) {
                    InetAddress address = NetUtil.createInetAddressFromIpAddressString(words[1]);
                    if (address != null) {
                        return address;
                    }
                }
            }
        } catch (IOException e) {
            return null;
        }
        return null;
    }

    /** One connection for one question. */
    private static final class Exchange extends ChannelInboundHandlerAdapter {
        private final DnsQuery query;
        private final Consumer<byte[]> answered;
        private ByteBuf received = Unpooled.buffer();
        private boolean over;

        Exchange(DnsQuery query, Consumer<byte[]> answered) {
            this.query = query;
            this.answered = answered;
        }

        void expire(EventLoop loop, Channel channel) {
            loop.schedule(
                    () -> {
                        fail();
                        if (channel.isOpen()) {
                            channel.close();
                        }
                    },
                    PATIENCE_SECONDS,
                    TimeUnit.SECONDS);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(DnsFrames.of(query.toBytes()));
            ctx.read();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            if (!over) {
                received.writeBytes(bytes);
            }
            bytes.release();
            byte[] answer = over ? null : DnsFrames.read(received);
            if (answer != null) {
                tell(DnsAnswer.answers(query.toBytes(), answer) ? answer : DnsAnswer.failure(query));
                ctx.close();
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
        public void channelInactive(ChannelHandlerContext ctx) {
            fail();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        void fail() {
            tell(DnsAnswer.failure(query));
        }

        private void tell(byte[] answer) {
            if (!over) {
                over = true;
                received.release();
                answered.accept(answer);
            }
        }
    }
}
