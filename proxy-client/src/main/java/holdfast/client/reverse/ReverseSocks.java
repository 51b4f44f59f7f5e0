package holdfast.client.reverse;

import holdfast.client.socks.SocksServer;
import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.relay.Relay;
import holdfast.transport.SocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;

/**
 * A SOCKS proxy for one connection that came to the gateway: it says where it wants to go, and goes on from this machine.
 *
 * <pre>
 *   REQUEST --complete--> DIALING --connected--> relay
 *      |                     |
 *      +--wrong, too slow----+--failed--> OVER
 * </pre>
 */
final class ReverseSocks implements StreamListener {
    private static final Destination HERE = Destination.parse("0.0.0.0:0");
    private static final long REQUEST_SECONDS = 30;

    /** More than the longest greeting, login and request. */
    private static final int REQUEST_LIMIT = 2048;

    private enum State {
        REQUEST,
        DIALING,
        OVER
    }

    private final StreamHandle connection;
    private final LocalDialer dialer;
    private final SocksServer socks = new SocksServer();
    private ByteBuf received = Unpooled.EMPTY_BUFFER;
    private State state = State.REQUEST;

    private ReverseSocks(StreamHandle connection, LocalDialer dialer) {
        this.connection = connection;
        this.dialer = dialer;
    }

    static void begin(StreamHandle connection, LocalDialer dialer) {
        ReverseSocks started = new ReverseSocks(connection, dialer);
        connection.accept(HERE);
        connection.listen(started);
        connection.eventLoop().schedule(started::expire, REQUEST_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void onReadable() {
        while (state == State.REQUEST) {
            ByteBuf bytes = connection.read();
            if (bytes == null) {
                break;
            }
            connection.consumed(bytes.readableBytes());
            received = Unpooled.wrappedBuffer(received, bytes);
            proceed();
        }
        if (state == State.REQUEST && connection.isEndOfStream()) {
            giveUp();
        }
    }

    private void proceed() {
        SocksServer.Progress progress = socks.take(received);
        if (progress.answer().isReadable()) {
            connection.write(progress.answer());
        }
        if (progress.isOver()) {
            endInOrder();
        } else if (progress.wanted() != null) {
            state = State.DIALING;
            dialer.dial(progress.wanted(), new Dialed());
        } else if (received.readableBytes() > REQUEST_LIMIT) {
            giveUp();
        }
    }

    private final class Dialed implements LocalDialer.Outcome {
        @Override
        public void onConnected(Channel socket) {
            if (state != State.DIALING) {
                SocketOptions.abort(socket);
                return;
            }
            state = State.OVER;
            connection.write(socks.opened(FixedTarget.addressOf(socket)));
            if (received.isReadable()) {
                socket.writeAndFlush(received);
            } else {
                received.release();
            }
            received = Unpooled.EMPTY_BUFFER;
            Relay.start(socket, connection);
        }

        @Override
        public void onFailed(ErrorCode code, String reason) {
            if (state == State.DIALING) {
                connection.write(socks.failed(code, reason));
                endInOrder();
            }
        }
    }

    /** Behind an answer that says no. */
    private void endInOrder() {
        connection.finish();
        connection.stop(ErrorCode.CANCELLED);
        dispose();
    }

    private void expire() {
        if (state == State.REQUEST) {
            giveUp();
        }
    }

    private void giveUp() {
        connection.reset(ErrorCode.CANCELLED);
        dispose();
    }

    private void dispose() {
        state = State.OVER;
        received.release();
        received = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void onWritable() {
        // Answers are short.
    }

    @Override
    public void onStopped(ErrorCode code) {
        // RESET follows, or the end of what the peer still has to say.
    }

    @Override
    public void onReset(ErrorCode code) {
        if (state != State.OVER) {
            dispose();
        }
    }
}
