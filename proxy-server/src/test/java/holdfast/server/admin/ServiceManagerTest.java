package holdfast.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd is told, read from a socket as systemd reads it. */
final class ServiceManagerTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void aServiceSaysWhenItIsReadyAliveAndStopping() throws InterruptedException {
        listenAt(folder.resolve("notify").toString());
        try (ServiceManager service = ServiceManager.of(
                Map.of("NOTIFY_SOCKET", folder.resolve("notify").toString(), "WATCHDOG_USEC", "30000000"))) {
            assertThat(service.watchdogNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(30));
            service.ready();
            service.alive("serving");
            service.stopping();

            assertThat(next()).isEqualTo("READY=1");
            assertThat(next()).isEqualTo("STATUS=serving\nWATCHDOG=1");
            assertThat(next()).isEqualTo("STOPPING=1");
        }
    }

    @Test
    void aSocketOutsideTheFileSystemIsReachedToo() throws InterruptedException {
        String name = "holdfast-test-" + System.nanoTime();
        listenAt("\0" + name);
        try (ServiceManager service = ServiceManager.of(Map.of("NOTIFY_SOCKET", "@" + name))) {
            service.alive("serving");

            assertThat(next()).as("without a watchdog nobody waits for it").isEqualTo("STATUS=serving");
        }
    }

    @Test
    void withoutSystemdNothingHappens() {
        try (ServiceManager service = ServiceManager.of(Map.of())) {
            service.ready();
            service.alive("serving");
            service.stopping();

            assertThat(service.watchdogNanos()).isZero();
        }
    }

    private String next() throws InterruptedException {
        String text = told.poll(20, TimeUnit.SECONDS);
        return text == null ? "nothing" : text;
    }

    private void listenAt(String path) {
        new Bootstrap()
                .group(loops)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                        told.add(packet.content().toString(UTF_8));
                    }
                })
                .bind(new DomainSocketAddress(path))
                .syncUninterruptibly();
    }
}
