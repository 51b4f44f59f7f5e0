package holdfast.relay;

import holdfast.protocol.ErrorCode;
import holdfast.transport.EventLoops;
import holdfast.transport.TransportKind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program's socket, a relay, a stream in memory, another relay, a destination's socket: the whole way, but for the session. */
final class RelayRig implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 20;

    private final EventLoops loops;
    private final Channel listener;
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final ServerSocket server;

    RelayRig(TransportKind kind) throws IOException {
        loops = EventLoops.start(kind, 2, "relay-test");
        listener = loops.streamServer(loops.next(), loops.group())
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new EarlyBytes());
                        accepted.add(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** A connection from end to end whose relays have not started. */
    Connection connect() throws Exception {
        InetSocketAddress front = (InetSocketAddress) listener.localAddress();
        Socket program = new Socket(front.getAddress(), front.getPort());
        Channel near = accepted.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        EventLoop loop = loops.next();
        Channel far = loops.streamClient(loop)
                .handler(new EarlyBytes())
                .connect(server.getLocalSocketAddress())
                .sync()
                .channel();
        Socket destination = server.accept();
        if (near == null) {
            throw new AssertionError("nobody connected");
        }
        return new Connection(program, near, far, destination);
    }

    EventLoops loops() {
        return loops;
    }

    @Override
    public void close() throws IOException {
        loops.close();
        server.close();
    }

    /** The parts of one connection. */
    static final class Connection implements AutoCloseable {
        final Socket program;
        final Channel near;
        final Channel far;
        final Socket destination;
        final MemoryStream nearStream;
        final MemoryStream farStream;

        Connection(Socket program, Channel near, Channel far, Socket destination) {
            this.program = program;
            this.near = near;
            this.far = far;
            this.destination = destination;
            MemoryStream[] pair = MemoryStream.pair(near.eventLoop(), far.eventLoop());
            nearStream = pair[0];
            farStream = pair[1];
        }

        Connection relayed() throws Exception {
            near.eventLoop().submit(() -> Relay.start(near, nearStream)).sync();
            far.eventLoop().submit(() -> Relay.start(far, farStream)).sync();
            return this;
        }

        /** Both relays of an exchange that has ended have let go of their sockets. */
        boolean isOver() {
            return near.closeFuture().awaitUninterruptibly(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    && far.closeFuture().awaitUninterruptibly(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }

        void closeSockets() throws IOException {
            program.close();
            destination.close();
        }

        @Override
        public void close() throws IOException {
            closeSockets();
            // What the streams still hold belongs to nobody now.
            for (int round = 0; round < 2; round++) {
                near.eventLoop()
                        .submit(() -> nearStream.reset(ErrorCode.CANCELLED))
                        .syncUninterruptibly();
                far.eventLoop()
                        .submit(() -> farStream.reset(ErrorCode.CANCELLED))
                        .syncUninterruptibly();
            }
        }
    }
}
