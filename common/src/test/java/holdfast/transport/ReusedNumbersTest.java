package holdfast.transport;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.testing.NoLeaks;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two sockets have something to say in one turn of their loop; the first closes the second and makes a third, which gets the second's number. */
@ExtendWith(NoLeaks.class)
@EnabledOnOs(OS.LINUX)
final class ReusedNumbersTest {
    private static final long PATIENCE_SECONDS = 20;

    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final List<Channel> pair = new ArrayList<>();
    private final LinkedBlockingQueue<Channel> third = new LinkedBlockingQueue<>();

    @Test
    void aSocketIsNotToldWhatHappenedToAnEarlierOneWithItsNumber() throws Exception {
        try (EventLoops loops = EventLoops.start(TransportKind.EPOLL, 1, "reused");
                ServerSocket listener = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            EventLoop loop = loops.next();
            for (int i = 0; i < 2; i++) {
                pair.add(loops.streamClient(loop)
                        .handler(new Replacing(loops, loop))
                        .connect(listener.getLocalSocketAddress())
                        .sync()
                        .channel());
            }
            List<Integer> numbers = pair.stream().map(ReusedNumbersTest::number).toList();
            CountDownLatch bothHaveSpoken = new CountDownLatch(1);
            CountDownLatch busy = new CountDownLatch(1);
            loop.execute(() -> {
                pair.forEach(Channel::read);
                busy.countDown();
                awaitUnchecked(bothHaveSpoken);
            });

            busy.await();
            try (Socket one = listener.accept();
                    Socket other = listener.accept()) {
                one.getOutputStream().write(1);
                other.getOutputStream().write(1);
                bothHaveSpoken.countDown();
                Channel made = third.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                loop.submit(() -> {}).sync();

                assertThat(made).isNotNull();
                assertThat(numbers).contains(number(made));
                assertThat(failures).isEmpty();
                assertThat(made.isOpen()).isTrue();
            }
        }
    }

    private static int number(Channel socket) {
        return ((UnixChannel) socket).fd().intValue();
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** On the first byte: closes the other of the pair, and makes a socket that is not connected yet. */
    private final class Replacing extends ChannelInboundHandlerAdapter {
        private final EventLoops loops;
        private final EventLoop loop;

        Replacing(EventLoops loops, EventLoop loop) {
            this.loops = loops;
            this.loop = loop;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            pair.stream().filter(each -> each != ctx.channel()).forEach(Channel::close);
            third.add(loops.streamClient(loop).handler(new Failing()).register().channel());
        }
    }

    private final class Failing extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }
    }
}
