package holdfast.mtatls;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.mtatls.channel.ChannelEvent;
import holdfast.mtatls.channel.MtaChannel;
import holdfast.mtatls.channel.Multiplexer;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A channel as a relay sees it. Remembers how it ended, so that a listener who comes late learns it too. */
final class MtaTlsStream implements StreamHandle {
    /** The protocol does not tell from which address the destination was reached. */
    private static final Destination UNKNOWN = unknown();

    private final MtaTlsConnection connection;
    private final Multiplexer multiplexer;
    private final MtaChannel channel;

    private @Nullable StreamListener listener;
    private @Nullable ErrorCode reset;
    private @Nullable String rejection;
    private boolean accepted;
    private boolean stopped;

    MtaTlsStream(MtaTlsConnection connection, Multiplexer multiplexer, MtaChannel channel) {
        this.connection = connection;
        this.multiplexer = multiplexer;
        this.channel = channel;
        channel.own(this);
    }

    @Override
    public long id() {
        return channel.number();
    }

    @Override
    public EventLoop eventLoop() {
        return connection.eventLoop();
    }

    @Override
    public void listen(StreamListener newListener) {
        listener = newListener;
        // Told later, never from inside this call: the caller is still setting itself up.
        eventLoop().execute(() -> {
            if (listener == newListener) {
                retell(newListener);
            }
        });
    }

    private void retell(StreamListener to) {
        if (reset != null && rejection != null) {
            to.onRejected(reset, rejection);
        } else if (reset != null) {
            to.onReset(reset);
        } else {
            if (accepted) {
                to.onAccepted(UNKNOWN);
            }
            if (stopped) {
                to.onStopped(ErrorCode.CONNECTION_RESET);
            }
            to.onReadable();
        }
    }

    /** Passes on what happened to the channel. */
    void tell(ChannelEvent event) {
        StreamListener to = listener;
        if (event instanceof ChannelEvent.Accepted) {
            accepted = true;
            if (to != null) {
                to.onAccepted(UNKNOWN);
            }
        } else if (event instanceof ChannelEvent.Rejected rejected) {
            reset = rejected.code();
            rejection = rejected.text();
            if (to != null) {
                to.onRejected(rejected.code(), rejected.text());
            }
        } else if (event instanceof ChannelEvent.Reset gone) {
            reset = gone.code();
            if (to != null) {
                to.onReset(gone.code());
            }
        } else if (event instanceof ChannelEvent.Stopped) {
            stopped = true;
            if (to != null) {
                to.onStopped(ErrorCode.CONNECTION_RESET);
            }
        } else if (to != null && event instanceof ChannelEvent.Arrived) {
            to.onReadable();
        } else if (to != null && event instanceof ChannelEvent.Writable) {
            to.onWritable();
        }
    }

    @Override
    public void write(ByteBuf data) {
        multiplexer.write(channel, data);
        connection.work();
    }

    @Override
    public boolean isWritable() {
        return multiplexer.isWritable(channel);
    }

    @Override
    public void finish() {
        multiplexer.finish(channel);
        connection.work();
    }

    @Override
    public void reset(ErrorCode code) {
        multiplexer.reset(channel);
        connection.work();
    }

    @Override
    public void stop(ErrorCode code) {
        multiplexer.stop(channel);
        connection.work();
    }

    @Override
    public @Nullable ByteBuf read() {
        return reset == null ? multiplexer.read(channel) : null;
    }

    @Override
    public boolean isEndOfStream() {
        return reset == null && multiplexer.isEndOfStream(channel);
    }

    @Override
    public void consumed(int bytes) {
        multiplexer.consumed(channel, bytes);
        connection.work();
    }

    @Override
    public void accept(Destination bound) {
        multiplexer.accept(channel);
        connection.work();
    }

    @Override
    public void reject(ErrorCode code, String text) {
        multiplexer.reject(channel, code, text);
        connection.work();
    }

    /** There are no associations in this protocol. */
    @Override
    public boolean sendDatagram(Destination with, ByteBuf bytes) {
        bytes.release();
        return false;
    }

    /** Nobody can ask for a listener in this protocol. */
    @Override
    public StreamHandle handOver(Destination peer) {
        throw new UnsupportedOperationException("MTA-TLS has no listeners");
    }

    private static Destination unknown() {
        try {
            return new Destination.Ip(InetAddress.getByAddress(new byte[4]), 0);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
