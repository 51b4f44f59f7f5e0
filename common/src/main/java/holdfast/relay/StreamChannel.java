package holdfast.relay;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * A stream that looks like a connection, so that whatever runs over connections runs through the session as well: a path of another session to a
 * further gateway, with TLS of its own inside.
 *
 * <p>It is active from the start; {@link #accepted} says when bytes can have got through. The stream's end, in order or not, closes the channel. Closing
 * the channel ends the stream behind what was written; with SO_LINGER 0 it abandons the stream and what was not sent yet, as RST does. Belongs to the
 * stream's event loop, on which it has to be registered.
 */
public final class StreamChannel extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final StreamHandle stream;
    private final ChannelPromise accepted = newPromise();
    private final Config config = new Config();
    private final Name local;
    private final Name remote;

    private boolean open = true;
    private boolean reading;
    private boolean delivering;

    /** What a path shows for an address. */
    private static final class Name extends SocketAddress {
        private static final long serialVersionUID = 1;
        private final String text;

        Name(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Knows of a socket's options only that which makes closing abrupt. */
    private final class Config extends DefaultChannelConfig {
        private boolean abrupt;

        Config() {
            super(StreamChannel.this);
        }

        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            if (!ChannelOption.SO_LINGER.equals(option)) {
                return super.setOption(option, value);
            }
            abrupt = Integer.valueOf(0).equals(value);
            return true;
        }
    }

    /**
     * Takes the stream over.
     *
     * @param remote what the far end is called in logs and reports
     */
    public StreamChannel(StreamHandle stream, String remote) {
        super(null);
        this.stream = stream;
        this.local = new Name("stream " + stream.id());
        this.remote = new Name(remote);
    }

    /** Done when the peer has accepted the stream; failed, with the reason, when it has not. */
    public ChannelPromise accepted() {
        return accepted;
    }

    /** Begins to listen to the stream. To be called once the pipeline is complete and the channel registered. */
    public void begin() {
        stream.listen(new Events());
    }

    private final class Events implements StreamListener {
        @Override
        public void onAccepted(Destination bound) {
            accepted.trySuccess();
        }

        @Override
        public void onRejected(ErrorCode code, String text) {
            accepted.tryFailure(new IOException(text.isEmpty() ? code.toString() : code + ", " + text));
            onReset(code);
        }

        @Override
        public void onReadable() {
            deliver();
        }

        @Override
        public void onWritable() {
            unsafe().flush();
        }

        @Override
        public void onStopped(ErrorCode code) {
            unsafe().close(unsafe().voidPromise());
        }

        @Override
        public void onReset(ErrorCode code) {
            accepted.tryFailure(new IOException("the stream ended: " + code));
            unsafe().close(unsafe().voidPromise());
        }
    }

    private void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        boolean some = false;
        while (open && (reading || config.isAutoRead())) {
            ByteBuf data = stream.read();
            if (data == null) {
                break;
            }
            int bytes = data.readableBytes();
            reading = false;
            some = true;
            accepted.trySuccess();
            pipeline().fireChannelRead(data);
            stream.consumed(bytes);
        }
        if (some && open) {
            pipeline().fireChannelReadComplete();
        }
        delivering = false;
        if (open && stream.isEndOfStream()) {
            unsafe().close(unsafe().voidPromise());
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new StreamUnsafe();
    }

    private final class StreamUnsafe extends AbstractUnsafe {
        /** A stream has its way already. */
        @Override
        public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("a stream is connected by its opening"));
        }
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop == stream.eventLoop();
    }

    /** There is nothing to register with the loop's selector: events come from the stream. */
    @Override
    protected void doRegister(ChannelPromise promise) {
        promise.setSuccess();
    }

    @Override
    protected void doBeginRead() {
        reading = true;
        stream.eventLoop().execute(this::deliver);
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
        while (stream.isWritable() && in.current() instanceof ByteBuf data) {
            stream.write(data.retain());
            in.remove();
        }
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException("a stream carries bytes, not " + message.getClass());
    }

    @Override
    protected void doClose() {
        if (open) {
            open = false;
            if (config.abrupt) {
                stream.reset(ErrorCode.CANCELLED);
            } else {
                stream.finish();
                stream.stop(ErrorCode.CANCELLED);
            }
        }
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a stream has no address of its own");
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
