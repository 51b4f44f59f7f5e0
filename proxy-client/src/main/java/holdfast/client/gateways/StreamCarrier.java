package holdfast.client.gateways;

import holdfast.client.dialer.Carrier;
import holdfast.client.session.StreamOpener;
import holdfast.driver.StreamHandle;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import holdfast.relay.StreamChannel;
import holdfast.transport.EventLoops;
import holdfast.transport.SocketOptions;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes connections inside the session with a relay: each is a stream that the relay connects with the next gateway. */
final class StreamCarrier implements Carrier {
    private final EventLoops loops;
    private final EventLoop loop;
    private final StreamOpener relay;
    private final String name;

    /** @param name what the relay is called in messages */
    StreamCarrier(EventLoops loops, EventLoop loop, StreamOpener relay, String name) {
        this.loops = loops;
        this.loop = loop;
        this.relay = relay;
        this.name = name;
    }

    @Override
    public boolean isUp() {
        return relay.isPathUp();
    }

    @Override
    public Runnable connect(Destination to, ChannelHandler handler, Consumer<Throwable> failed) {
        Connecting connecting = new Connecting(to, handler, failed);
        relay.open(OpenRequest.of(StreamKind.GATEWAY, to), null, connecting);
        return connecting::abandon;
    }

    private final class Connecting implements StreamOpener.OpenCallback {
        private final Destination to;
        private final ChannelHandler handler;
        private final Consumer<Throwable> failed;
        private @Nullable StreamChannel channel;
        private boolean abandoned;

        Connecting(Destination to, ChannelHandler handler, Consumer<Throwable> failed) {
            this.to = to;
            this.handler = handler;
            this.failed = failed;
        }

        @Override
        public void onStream(StreamHandle stream) {
            if (abandoned) {
                stream.reset(ErrorCode.CANCELLED);
                return;
            }
            StreamChannel made = new StreamChannel(stream, name + "/" + to);
            channel = made;
            loops.likePath(made);
            made.pipeline().addLast(handler);
            made.accepted().addListener(done -> {
                if (!done.isSuccess()) {
                    failed.accept(new IOException(name + ": " + done.cause().getMessage(), done.cause()));
                }
            });
            loop.register(made).addListener(registered -> {
                if (registered.isSuccess()) {
                    made.begin();
                } else {
                    failed.accept(registered.cause());
                }
            });
        }

        @Override
        public void onUnavailable(ErrorCode code, String text) {
            failed.accept(new IOException(name + ": " + text));
        }

        void abandon() {
            abandoned = true;
            if (channel != null) {
                SocketOptions.abort(channel);
            }
        }
    }
}
