package holdfast.client.binding;

import holdfast.client.door.Connections;
import holdfast.transport.EventLoops;
import holdfast.transport.TransportKind;
import holdfast.transport.UnixSocketFile;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where programs of this user ask for the channel binding of their own connections: a Unix-domain socket in the home folder. A request is a line
 * {@code HOST:PORT[ LABEL]} with the program's own end of the connection; the answer a line {@code ok} and one with 64 hexadecimal digits, or a line
 * {@code error} with the reason, and the end.
 *
 * <p>Only where the system tells which process asks (Linux, with epoll). Not in the way of starting: without it everything else works.
 */
public final class BindingDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BindingDoor.class);

    private final EventLoops loops;
    private final EventLoop loop;
    private final Connections connections;
    private final Executor slowWork;
    private final Path path;
    private @Nullable Channel listener;

    /**
     * @param connections those there are through this client's doors
     * @param slowWork looks into the tables of the system
     */
    public BindingDoor(EventLoops loops, EventLoop loop, Connections connections, Executor slowWork, Path path) {
        this.loops = loops;
        this.loop = loop;
        this.connections = connections;
        this.slowWork = slowWork;
        this.path = path;
    }

    /** Starts to listen, soon; what goes wrong is only logged. Any thread. */
    public void open() {
        if (loops.kind() == TransportKind.EPOLL) {
            slowWork.execute(this::bind);
        }
    }

    private synchronized void bind() {
        try {
            UnixSocketFile.clear(path);
            ChannelFuture binding = loops.unixStreamServer(loop, loop)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel accepted) {
                            accepted.pipeline().addLast(new BindingHandler(connections, slowWork));
                        }
                    })
                    .bind(loops.unixAddress(path))
                    .awaitUninterruptibly();
            if (binding.cause() != null) {
                throw new IOException(binding.cause());
            }
            listener = binding.channel();
            UnixSocketFile.protect(path);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue("reason", e.getMessage())
                    .log("binding.unavailable");
        }
    }

    @Override
    public synchronized void close() {
        if (listener != null) {
            listener.close().awaitUninterruptibly();
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                LOG.atDebug().addKeyValue("path", path).setCause(e).log("binding.remains");
            }
        }
    }
}
