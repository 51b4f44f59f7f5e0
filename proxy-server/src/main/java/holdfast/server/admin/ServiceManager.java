package holdfast.server.admin;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how things stand (sd_notify(3)), where it has asked to be told by NOTIFY_SOCKET; else it does nothing. Its datagrams need a Unix-domain
 * socket of a kind that the JDK lacks, hence Netty's epoll, whatever transport is in use.
 */
public final class ServiceManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.gateway");
    private static final long PATIENCE_MILLIS = 2000;

    private final @Nullable EventLoopGroup loop;
    private final @Nullable Channel channel;
    private final long watchdogNanos;

    private ServiceManager(@Nullable EventLoopGroup loop, @Nullable Channel channel, long watchdogNanos) {
        this.loop = loop;
        this.channel = channel;
        this.watchdogNanos = watchdogNanos;
    }

    /**
     * Looks whether somebody wants to be told.
     *
     * @param environment NOTIFY_SOCKET and WATCHDOG_USEC count
     */
    public static ServiceManager of(Map<String, String> environment) {
        String path = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (path.isEmpty()) {
            return new ServiceManager(null, null, 0);
        }
        if (!Epoll.isAvailable()) {
            LOG.atWarn()
                    .addKeyValue("reason", "Netty's epoll does not work here; use Type=exec")
                    .log("service.not_notified");
            return new ServiceManager(null, null, 0);
        }
        // A leading @ stands for the zero byte of a name outside the file system.
        DomainSocketAddress socket = new DomainSocketAddress(path.startsWith("@") ? "\0" + path.substring(1) : path);
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("service", true), EpollIoHandler.newFactory());
        ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(socket)
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            warn(connected.cause());
        }
        return new ServiceManager(loop, connected.isSuccess() ? connected.channel() : null, watchdog(environment));
    }

    /** The service works. */
    public void ready() {
        tell("READY=1");
    }

    /** The service ends. */
    public void stopping() {
        tell("STOPPING=1");
    }

    /**
     * The service is well; to be called at least every half of {@link #watchdogNanos}, but only if it is.
     *
     * @param status one line for {@code systemctl status}
     */
    public void alive(String status) {
        tell("STATUS=" + status + (watchdogNanos > 0 ? "\nWATCHDOG=1" : ""));
    }

    /** After how long a silence the service is restarted, in nanoseconds; 0 for never. */
    public long watchdogNanos() {
        return watchdogNanos;
    }

    @Override
    public void close() {
        if (loop != null) {
            loop.shutdownGracefully(0, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void tell(String what) {
        if (channel == null) {
            return;
        }
        ByteBuf text = Unpooled.copiedBuffer(what, StandardCharsets.UTF_8);
        channel.writeAndFlush(text).addListener(done -> {
            if (!done.isSuccess()) {
                warn(done.cause());
            }
        });
    }

    private static void warn(@Nullable Throwable cause) {
        LOG.atWarn().addKeyValue("reason", String.valueOf(cause)).log("service.not_notified");
    }

    private static long watchdog(Map<String, String> environment) {
        try {
            return TimeUnit.MICROSECONDS.toNanos(Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0")));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
