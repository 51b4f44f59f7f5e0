package holdfast.client.binding;

import holdfast.client.door.Connections;
import holdfast.client.door.SocketHolder;
import holdfast.client.opening.Opening;
import holdfast.driver.StreamHandle;
import holdfast.identity.ChannelBinding;
import holdfast.protocol.Destination;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** One question for a channel binding: read, checked, answered, over. */
final class BindingHandler extends ChannelInboundHandlerAdapter {
    private static final int REQUEST_LIMIT = 512;

    /** So soon the question has to be here: within it no number of a process is used again. */
    private static final long REQUEST_MILLIS = 2_000;

    /** A stream opened in the first flight has no binding before the gateway has answered. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long LOOK_MILLIS = 20;

    private final Connections connections;
    private final Executor slowWork;
    private final StringBuilder line = new StringBuilder();
    private boolean asked;

    BindingHandler(Connections connections, Executor slowWork) {
        this.connections = connections;
        this.slowWork = slowWork;
    }

    private record Question(InetSocketAddress program, String label) {
        static Question parse(String line) {
            String[] words = line.split(" ", 2);
            if (!(Destination.parse(words[0]) instanceof Destination.Ip ip)) {
                throw new IllegalArgumentException("'" + words[0] + "' is not an address and port");
            }
            return new Question(new InetSocketAddress(ip.address(), ip.port()), words.length > 1 ? words[1] : "");
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.executor()
                .schedule(
                        () -> {
                            if (!asked) {
                                ctx.close();
                            }
                        },
                        REQUEST_MILLIS,
                        TimeUnit.MILLISECONDS);
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (!asked) {
            line.append(bytes.toString(StandardCharsets.UTF_8));
        }
        bytes.release();
        int end = line.indexOf("\n");
        if (asked || (end < 0 && line.length() <= REQUEST_LIMIT)) {
            return;
        }
        asked = true;
        if (end < 0 || end > REQUEST_LIMIT) {
            refuse(ctx, "a request is a line HOST:PORT[ LABEL]");
            return;
        }
        try {
            ask(ctx, Question.parse(line.substring(0, end)));
        } catch (IllegalArgumentException e) {
            refuse(ctx, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void ask(ChannelHandlerContext ctx, Question question) {
        Connections.Connection connection = connections.from(question.program());
        if (connection == null) {
            refuse(ctx, "there is no connection from " + text(question) + " through this client");
            return;
        }
        int process = processOf((EpollDomainSocketChannel) ctx.channel());
        try {
            slowWork.execute(() -> {
                boolean isTheirs = SocketHolder.holds(process, question.program(), connection.other());
                ctx.executor().execute(() -> {
                    if (isTheirs) {
                        answer(ctx, question, connection.channel(), System.nanoTime());
                    } else {
                        refuse(
                                ctx,
                                "the connection from " + text(question) + " is not one of process " + process
                                        + ", which asks; only a process that has it open is told its binding");
                    }
                });
            });
        } catch (RejectedExecutionException busy) {
            refuse(ctx, "the client is busy");
        }
    }

    private void answer(ChannelHandlerContext ctx, Question question, Channel connection, long since) {
        Optional<ChannelBinding> binding = Opening.streamOf(connection).flatMap(StreamHandle::binding);
        if (binding.isPresent()) {
            tell(ctx, question, binding.get());
        } else if (!connection.isActive()) {
            refuse(ctx, "the connection has ended");
        } else if (System.nanoTime() - since > PATIENCE_NANOS) {
            refuse(
                    ctx,
                    "the connection has no stream of its own (yet): was a destination asked for, and is there a"
                            + " gateway?");
        } else {
            ctx.executor().schedule(() -> answer(ctx, question, connection, since), LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static void tell(ChannelHandlerContext ctx, Question question, ChannelBinding binding) {
        try {
            ChannelBinding wanted = question.label().isEmpty() ? binding : binding.labelled(question.label());
            say(ctx, "ok\n" + HexFormat.of().formatHex(wanted.toBytes()) + "\n");
        } catch (IllegalArgumentException e) {
            refuse(ctx, String.valueOf(e.getMessage()));
        }
    }

    private static void refuse(ChannelHandlerContext ctx, String reason) {
        say(ctx, "error " + reason + "\n");
    }

    private static void say(ChannelHandlerContext ctx, String text) {
        ctx.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)).addListener(ChannelFutureListener.CLOSE);
    }

    /** As it was when it connected; 0 where it cannot be told, which holds nothing. */
    private static int processOf(EpollDomainSocketChannel program) {
        try {
            return program.peerCredentials().pid();
        } catch (IOException gone) {
            return 0;
        }
    }

    private static String text(Question question) {
        return new Destination.Ip(
                        question.program().getAddress(), question.program().getPort())
                .toString();
    }
}
