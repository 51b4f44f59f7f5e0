package holdfast.warmup;

import holdfast.driver.LostStream;
import holdfast.driver.SessionDriver;
import holdfast.driver.SessionListener;
import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.frame.Frame;
import holdfast.frame.Hello;
import holdfast.frame.Join;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.PathStanding;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import holdfast.session.Session;
import holdfast.session.SessionConfig;
import holdfast.transport.PathChannel;
import holdfast.transport.PathReceiver;
import holdfast.transport.TlsEndpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ImmediateExecutor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A whole session in memory, on the thread that plays it: login, a stream with an echo, the loss of the only path, and resumption on another, with TLS
 * as between real programs. Nothing of it leaves the process.
 */
final class Rehearsal {
    private static final int ECHO_BYTES = 1_000;
    private static final int MOST_ROUNDS = 100;

    private final TlsEndpoint gatewayTls;
    private final TlsEndpoint clientTls;

    /** Whose event loop is that of both sessions: those of connections end with them. */
    private final EmbeddedChannel loops = new EmbeddedChannel();

    private final SessionDriver gateway;
    private final SessionDriver client;
    private int echoed;

    /** Both ends of a connection. */
    private final class Connection {
        final EmbeddedChannel atGateway = new EmbeddedChannel();
        final EmbeddedChannel atClient = new EmbeddedChannel();

        @Nullable PathChannel clientPath;

        void begin() {
            TlsEndpoint.awaitOn(atGateway.pipeline(), () -> gatewayTls, ImmediateExecutor.INSTANCE);
            atGateway.pipeline().addLast(new Handshake() {
                @Override
                void onDone() {
                    PathChannel.receiving(atGateway, new Greeter());
                }
            });
            clientTls.addTo(atClient.pipeline(), ImmediateExecutor.INSTANCE);
            atClient.pipeline().addLast(new Handshake() {
                @Override
                void onDone() {
                    clientPath = PathChannel.held(atClient);
                }
            });
        }

        /** Carries what either end has written, as long as there is something. */
        void carry() {
            boolean carried = true;
            for (int round = 0; carried && round < MOST_ROUNDS; round++) {
                loops.runPendingTasks();
                atClient.runPendingTasks();
                atGateway.runPendingTasks();
                carried = carry(atClient, atGateway);
                carried = carry(atGateway, atClient) || carried;
            }
        }

        private boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
            boolean carried = false;
            ByteBuf bytes = from.readOutbound();
            while (bytes != null) {
                if (to.isOpen()) {
                    to.writeInbound(bytes);
                } else {
                    bytes.release();
                }
                carried = true;
                bytes = from.readOutbound();
            }
            return carried;
        }

        /** As a connection that was reset. */
        void cut() {
            atClient.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
            atClient.close();
            atGateway.close();
            carry();
        }
    }

    private abstract static class Handshake extends ChannelInboundHandlerAdapter {
        abstract void onDone();

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                onDone();
                context.pipeline().remove(this);
            }
        }
    }

    private final class Greeter implements PathReceiver {
        @Override
        public void onFrame(PathChannel path, Frame frame) {
            // As at a gateway, where somebody has to be asked first: what came behind the first frame is for who is
            // attached then.
            path.hold();
            if (frame instanceof Hello hello) {
                path.eventLoop().execute(() -> gateway.attach(path, hello));
            } else if (frame instanceof Join join) {
                path.eventLoop().execute(() -> gateway.attach(path, join));
            } else {
                frame.release();
            }
        }

        @Override
        public void onClosed(PathChannel path, ErrorCode code, String text) {}
    }

    private static final class Silent implements SessionListener {
        @Override
        public void onStreamOpened(StreamHandle stream, OpenRequest request) {
            stream.listen(new Echo(stream));
            stream.accept(request.destination());
        }

        @Override
        public void onEnded(ErrorCode code, String text, boolean byPeer, List<LostStream> lost) {}
    }

    private static class Reader implements StreamListener {
        @Nullable StreamHandle stream;

        void onBytes(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void onReadable() {
            StreamHandle from = stream;
            ByteBuf bytes = from == null ? null : from.read();
            while (from != null && bytes != null) {
                int length = bytes.readableBytes();
                onBytes(bytes);
                from.consumed(length);
                bytes = from.read();
            }
        }

        @Override
        public void onWritable() {}

        @Override
        public void onStopped(ErrorCode code) {}

        @Override
        public void onReset(ErrorCode code) {}
    }

    private static final class Echo extends Reader {
        private final StreamHandle own;

        Echo(StreamHandle own) {
            this.own = own;
            stream = own;
        }

        @Override
        void onBytes(ByteBuf bytes) {
            own.write(bytes);
        }
    }

    Rehearsal(TlsEndpoint gatewayTls, TlsEndpoint clientTls) {
        this.gatewayTls = gatewayTls;
        this.clientTls = clientTls;
        long now = System.nanoTime();
        gateway = new SessionDriver(
                Session.gateway(
                        SessionConfig.forGateway(),
                        PooledByteBufAllocator.DEFAULT,
                        SessionId.of(new byte[SessionId.LENGTH]),
                        SessionRandom.of(new byte[SessionRandom.LENGTH]),
                        List.of(),
                        now),
                loops.eventLoop(),
                new Silent());
        client = new SessionDriver(
                Session.client(
                        SessionConfig.forClient(),
                        PooledByteBufAllocator.DEFAULT,
                        SessionRandom.of(new byte[SessionRandom.LENGTH]),
                        Optional.empty(),
                        now),
                loops.eventLoop(),
                new Silent());
    }

    /** Plays it once. Returns how many bytes were echoed. */
    int play() {
        Connection first = new Connection();
        join(first);
        Reader reader = new Reader() {
            @Override
            void onBytes(ByteBuf bytes) {
                echoed += bytes.readableBytes();
                bytes.release();
            }
        };
        StreamHandle stream = client.open(OpenRequest.tcp(Destination.parse("127.0.0.1:7")), null, reader);
        reader.stream = stream;
        say(stream);
        first.carry();
        first.cut();
        say(stream);
        Connection second = new Connection();
        join(second);
        say(stream);
        second.carry();
        stream.finish();
        second.carry();
        client.close(ErrorCode.NONE, "");
        second.carry();
        loops.finishAndReleaseAll();
        first.atClient.finishAndReleaseAll();
        first.atGateway.finishAndReleaseAll();
        second.atClient.finishAndReleaseAll();
        second.atGateway.finishAndReleaseAll();
        return echoed;
    }

    private void join(Connection connection) {
        connection.begin();
        connection.carry();
        if (connection.clientPath != null) {
            client.attach(connection.clientPath, PathStanding.ACTIVE);
        }
        connection.carry();
    }

    private static void say(StreamHandle stream) {
        stream.write(PooledByteBufAllocator.DEFAULT.directBuffer(ECHO_BYTES).writeZero(ECHO_BYTES));
    }
}
