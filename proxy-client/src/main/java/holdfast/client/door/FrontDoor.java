package holdfast.client.door;

import holdfast.client.opening.DoorPolicy;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.transport.EventLoops;
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
    private final DoorPolicy policy;
    private final List<ListenAddress> addresses;
    private final List<Channel> listeners = new ArrayList<>();

    /**
     * A front door that is not open yet.
     *
     * @param loop one of the loops, where the client's session lives
     */
    public FrontDoor(EventLoops loops, EventLoop loop, DoorPolicy policy, List<ListenAddress> addresses) {
        this.loops = loops;
        this.loop = loop;
        this.policy = policy;
        this.addresses = List.copyOf(addresses);
    }

    /**
     * Binds every listener, or none.
     *
     * @throws FatalException 78 if one is open to others and no password is set, 73 if one cannot be bound; the message says what to do
     */
    public void open() throws FatalException {
        for (ListenAddress each : addresses) {
            if (each.isOpenToOthers() && policy.credentials() == null) {
                throw new FatalException(
                        ExitCode.CONFIG,
                        each
                                + " can be reached from other machines: set a user and password for it, or listen at 127.0.0.1");
            }
        }
        try {
            for (ListenAddress each : addresses) {
                listeners.add(bind(each));
                LOG.atInfo()
                        .addKeyValue(
                                "address",
                                text(listeners.get(listeners.size() - 1).localAddress()))
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

    /** Accepts no more connections; those there are stay. */
    @Override
    public void close() {
        for (Channel each : listeners) {
            each.close().syncUninterruptibly();
        }
        listeners.clear();
    }

    private Channel bind(ListenAddress address) throws FatalException {
        try {
            return address instanceof ListenAddress.Unix unix
                    ? bindUnix(unix.path())
                    : bindTcp((ListenAddress.Tcp) address);
        } catch (IOException e) {
            throw new FatalException(
                    ExitCode.CANNOT_CREATE,
                    "cannot listen at " + address + ": " + e.getMessage() + "; " + advice(address));
        }
    }

    private Channel bindTcp(ListenAddress.Tcp tcp) throws IOException {
        return bound(loops.streamServer(loop, loop), tcp.address());
    }

    private Channel bindUnix(Path path) throws IOException {
        UnixSocketFile.clear(path);
        Channel listener = bound(loops.unixStreamServer(loop, loop), loops.unixAddress(path));
        UnixSocketFile.protect(path);
        listener.closeFuture().addListener(closed -> Files.deleteIfExists(path));
        return listener;
    }

    private Channel bound(ServerBootstrap bootstrap, SocketAddress address) throws IOException {
        ChannelFuture binding = bootstrap
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new Accepted(policy))
                .bind(address);
        Throwable cause = binding.awaitUninterruptibly().cause();
        if (cause != null) {
            throw new IOException(cause.getMessage(), cause);
        }
        return binding.channel();
    }

    private static String advice(ListenAddress address) {
        return address instanceof ListenAddress.Unix
                ? "choose a path in a folder that you may write to"
                : "is a proxy running already? Stop it, or choose another port with -D PORT";
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress tcp ? NetUtil.toSocketAddressString(tcp) : address.toString();
    }
}
