package holdfast.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import holdfast.driver.StreamListener;
import holdfast.protocol.ErrorCode;
import holdfast.testing.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two channels, one over each end of a stream, behave as two connected sockets do. */
@ExtendWith(NoLeaks.class)
final class StreamChannelTest {
    private static final long LIMIT_SECONDS = 10;

    private final EventLoop loop = new DefaultEventLoop();
    private final MemoryStream[] ends = MemoryStream.pair(loop, loop);
    private final StreamChannel here = new StreamChannel(ends[0], "there");
    private final StreamChannel there = new StreamChannel(ends[1], "here");
    private final Received received = new Received();

    /** Keeps what arrives, and how it ends. */
    private static final class Received extends ChannelInboundHandlerAdapter {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final CompletableFuture<String> ended = new CompletableFuture<>();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf data = (ByteBuf) message;
            byte[] part = new byte[data.readableBytes()];
            data.readBytes(part).release();
            bytes.writeBytes(part);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ended.complete(bytes.toString(StandardCharsets.UTF_8));
        }
    }

    @BeforeEach
    void connect() throws Exception {
        on(() -> {
            there.pipeline().addLast(received);
            loop.register(here).addListener(done -> here.begin());
            loop.register(there).addListener(done -> there.begin());
        });
    }

    @AfterEach
    void end() throws Exception {
        on(() -> {
            here.close();
            there.close();
        });
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private void on(Runnable work) throws Exception {
        loop.submit(work).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void whatIsWrittenArrivesBeforeTheEndThatFollows() throws Exception {
        on(() -> {
            here.write(Unpooled.copiedBuffer("first ", StandardCharsets.UTF_8));
            here.writeAndFlush(Unpooled.copiedBuffer("second", StandardCharsets.UTF_8));
            here.close();
        });

        assertThat(received.ended.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("first second");
    }

    @Test
    void anAbruptEndAbandonsWhatWasNotSent() throws Exception {
        on(() -> there.config().setAutoRead(false));
        on(() -> {
            for (int i = 0; i < 64; i++) {
                here.write(Unpooled.wrappedBuffer(new byte[16 * 1024]));
            }
            here.flush();
            here.config().setOption(ChannelOption.SO_LINGER, 0);
            here.close();
        });

        received.ended.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(received.bytes.size()).isLessThan(64 * 16 * 1024);
    }

    @Test
    void aReaderThatDoesNotReadHoldsTheWriterBack() throws Exception {
        on(() -> there.config().setAutoRead(false));
        byte[] block = new byte[16 * 1024];
        int blocks = 4 * MemoryStream.WINDOW / block.length;
        CompletableFuture<Boolean> full = new CompletableFuture<>();
        on(() -> {
            for (int i = 0; i < blocks; i++) {
                here.writeAndFlush(Unpooled.wrappedBuffer(block));
            }
            full.complete(!here.isWritable());
        });
        assertThat(full.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

        Future<?> closed = loop.submit(() -> {
            there.config().setAutoRead(true);
            there.read();
        });
        closed.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        CompletableFuture<Void> last = new CompletableFuture<>();
        on(() -> here.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> last.complete(null)));
        last.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        on(() -> here.close());

        assertThat(received.ended.get(LIMIT_SECONDS, TimeUnit.SECONDS)).hasSize(blocks * block.length);
    }

    @Test
    void aStreamThatIsRefusedFailsWithTheReasonAndClosesTheChannel() throws Exception {
        CompletableFuture<StreamListener> listening = new CompletableFuture<>();
        StreamChannel[] made = new StreamChannel[1];
        on(() -> {
            made[0] = new StreamChannel(new SilentStream(loop, listening), "nowhere");
            loop.register(made[0]).addListener(done -> made[0].begin());
        });
        StreamListener listener = listening.get(LIMIT_SECONDS, TimeUnit.SECONDS);

        // A new listener is always told to look.
        on(listener::onReadable);
        on(() -> listener.onRejected(ErrorCode.NOT_ALLOWED, "no rule opens it"));

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> made[0].accepted().get(LIMIT_SECONDS, TimeUnit.SECONDS))
                .withMessageContaining("no rule opens it");
        assertThat(made[0].closeFuture().await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
}
