package holdfast.client.reverse;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.relay.Relay;
import holdfast.transport.SocketOptions;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/** Connects everything that comes with one destination. */
final class FixedTarget implements Service {
    private static final Destination HERE = Destination.parse("0.0.0.0:0");

    private final Destination to;
    private final LocalDialer dialer;

    FixedTarget(Destination to, LocalDialer dialer) {
        this.to = to;
        this.dialer = dialer;
    }

    @Override
    public void serve(StreamHandle connection) {
        Patience patience = new Patience();
        connection.listen(patience);
        dialer.dial(to, new LocalDialer.Outcome() {
            @Override
            public void onConnected(Channel socket) {
                if (patience.gone) {
                    SocketOptions.abort(socket);
                    return;
                }
                connection.accept(addressOf(socket));
                Relay.start(socket, connection);
            }

            @Override
            public void onFailed(ErrorCode code, String reason) {
                connection.reject(code, reason);
            }
        });
    }

    /** The address that a socket is connected from. */
    static Destination addressOf(Channel socket) {
        return socket.localAddress() instanceof InetSocketAddress tcp
                ? new Destination.Ip(tcp.getAddress(), tcp.getPort())
                : HERE;
    }

    /** Watches the stream while its destination is being connected. */
    private static final class Patience implements StreamListener {
        private boolean gone;

        @Override
        public void onReadable() {}

        @Override
        public void onWritable() {}

        @Override
        public void onStopped(ErrorCode code) {
            // It may still have something to say to the destination.
        }

        @Override
        public void onReset(ErrorCode code) {
            gone = true;
        }
    }
}
