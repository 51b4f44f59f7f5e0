package holdfast.server.destination;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import holdfast.relay.Relay;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves streams by connecting them to their destinations. */
public final class TcpService {
    private static final Logger LOG = LoggerFactory.getLogger("holdfast.stream");

    private final DestinationConnector connector;

    public TcpService(DestinationConnector connector) {
        this.connector = connector;
    }

    /** Accepts or rejects the stream once it is known whether the destination can be reached. */
    public void serve(String user, StreamHandle stream, OpenRequest request) {
        if (request.kind() != StreamKind.TCP) {
            stream.reject(ErrorCode.KIND_NOT_SUPPORTED, "this gateway does not serve " + request.kind() + " streams");
            return;
        }
        Patience patience = new Patience();
        stream.listen(patience);
        patience.attempt =
                connector.connect(stream.eventLoop(), user, request.destination(), new DestinationConnector.Outcome() {
                    @Override
                    public void onConnected(Channel socket) {
                        LOG.atDebug()
                                .addKeyValue("stream", stream.id())
                                .addKeyValue("user", user)
                                .addKeyValue("destination", request.destination())
                                .log("stream.connected");
                        InetSocketAddress local = (InetSocketAddress) socket.localAddress();
                        stream.accept(new Destination.Ip(local.getAddress(), local.getPort()));
                        Relay.start(socket, stream);
                    }

                    @Override
                    public void onRefused(Refusal refusal) {
                        LOG.atInfo()
                                .addKeyValue("stream", stream.id())
                                .addKeyValue("user", user)
                                .addKeyValue("destination", request.destination())
                                .addKeyValue("code", refusal.code())
                                .addKeyValue("reason", refusal.text())
                                .log("stream.refused");
                        stream.reject(refusal.code(), refusal.text());
                    }
                });
    }

    /** Watches the stream while its destination is being connected. */
    private static final class Patience implements StreamListener {
        private @Nullable ConnectAttempt attempt;

        @Override
        public void onReadable() {}

        @Override
        public void onWritable() {}

        @Override
        public void onStopped(ErrorCode code) {
            cancel();
        }

        @Override
        public void onReset(ErrorCode code) {
            cancel();
        }

        private void cancel() {
            if (attempt != null) {
                attempt.cancel();
            }
        }
    }
}
