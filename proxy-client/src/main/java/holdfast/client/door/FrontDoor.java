package holdfast.client.door;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.transport.EventLoops;
import holdfast.transport.TransportKind;
import holdfast.transport.UnixSocketFile;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners that programs connect to. They, and all connections they accept, live on the client's one event loop.
 *
 * <p>{@link #open} and {@link #close} are for the thread that starts the program, not for the loop.
 */
public final class FrontDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

    private final EventLoops loops;
    private final EventLoop loop;
    private final Callers callers;
    private final Connections connections = new Connections();
    private final List<Listener> wanted;
    private final List<Channel> listeners = new ArrayList<>();

    /**
     * A front door that is not open yet.
     *
     * @param loop one of the loops, where the client's session lives
     * @param users whose programs may use it
     * @param slowWork for what may wait
     */
    public FrontDoor(
            EventLoops loops, EventLoop loop, AllowedUsers users, Executor slowWork, List<Listener> listeners) {
        this.loops = loops;
        this.loop = loop;
        this.callers = new Callers(users, loop, slowWork);
        this.wanted = List.copyOf(listeners);
    }

    /**
     * Binds every listener, or none.
     *
     * @throws FatalException 78 if one is open to others and no password is set, 73 if one cannot be bound; the message says what to do
     */
    public void open() throws FatalException {
        for (Listener each : wanted) {
            each.requireSafe();
        }
        callers.open();
        try {
            for (Listener each : wanted) {
                Channel listener = bind(each);
                listeners.add(listener);
                (each.isOpenToOthers() ? LOG.atWarn() : LOG.atInfo())
                        .addKeyValue("address", text(listener.localAddress()))
                        .addKeyValue("service", each.service())
                        .addKeyValue("open_to_other_machines", each.isOpenToOthers())
                        .log("door.open");
            }
        } catch (FatalException e) {
            close();
            throw e;
        }
    }

    /** Where it really listens, in the order of the addresses it was given; these have no port 0. */
    public List<SocketAddress> localAddresses() {
        return listeners.stream().map(Channel::localAddress).toList();
    }

    /** The connections of programs; for the loop. */
    public Connections connections() {
        return connections;
    }

    /** Accepts no more connections; those there are stay. */
    @Override
    public void close() {
        for (Channel each : listeners) {
            each.close().syncUninterruptibly();
        }
        listeners.clear();
        callers.close();
    }

    private Channel bind(Listener listener) throws FatalException {
        ListenAddress address = listener.address();
        Accepted accepted = new Accepted(listener, callers, connections);
        try {
            return address instanceof ListenAddress.Unix unix
                    ? bindUnix(unix.path(), accepted)
                    : bound(tcpServer(listener), ((ListenAddress.Tcp) address).address(), accepted);
        } catch (IOException e) {
            throw new FatalException(
                    ExitCode.CANNOT_CREATE,
                    "cannot listen at " + address + ": " + e.getMessage() + "; " + advice(listener));
        }
    }

    private ServerBootstrap tcpServer(Listener listener) throws FatalException {
        if (!(listener.service() instanceof Service.Redirected redirected)) {
            return loops.streamServer(loop, loop);
        }
        if (loops.kind() != TransportKind.EPOLL) {
            throw new FatalException(
                    ExitCode.CONFIG, "--redirect and --tproxy need Linux and the transport epoll, not " + loops.kind());
        }
        return redirected.transparent() ? loops.transparentServer(loop, loop) : loops.streamServer(loop, loop);
    }

    private Channel bindUnix(Path path, Accepted accepted) throws IOException {
        UnixSocketFile.clear(path);
        Channel listener = bound(loops.unixStreamServer(loop, loop), loops.unixAddress(path), accepted);
        UnixSocketFile.protect(path);
        listener.closeFuture().addListener(closed -> Files.deleteIfExists(path));
        return listener;
    }

    private static Channel bound(ServerBootstrap bootstrap, SocketAddress address, Accepted accepted)
            throws IOException {
        ChannelFuture binding = bootstrap
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(accepted)
                .bind(address);
        Throwable cause = binding.awaitUninterruptibly().cause();
        if (cause != null) {
            throw new IOException(cause.getMessage(), cause);
        }
        return binding.channel();
    }

    private static String advice(Listener listener) {
        if (listener.service() instanceof Service.Redirected redirected && redirected.transparent()) {
            return "--tproxy needs the capability CAP_NET_ADMIN: run as root, or use --redirect";
        }
        return listener.address() instanceof ListenAddress.Unix
                ? "choose a path in a folder that you may write to"
                : "does another program listen there, a proxy perhaps? Stop it, or choose another port (for the proxy with -D PORT)";
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress tcp ? NetUtil.toSocketAddressString(tcp) : address.toString();
    }
}
