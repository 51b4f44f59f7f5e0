package holdfast.mtatls;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.mtatls.channel.ChannelEvent;
import holdfast.mtatls.channel.MtaChannel;
import holdfast.mtatls.channel.Multiplexer;
import holdfast.mtatls.message.Message;
import holdfast.protocol.Destination;
import holdfast.protocol.ProtocolException;
import holdfast.protocol.Role;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One TLS connection that speaks MTA-TLS. Whatever its peer does wrong ends this connection and nothing else. */
public final class MtaTlsConnection extends ChannelInboundHandlerAdapter {
    private static final int FLIGHT_BYTES = 64 * 1024;

    private final Channel channel;
    private final MtaTlsListener listener;
    private final Multiplexer multiplexer;
    private boolean working;
    private boolean workIsDue;
    private boolean over;

    private MtaTlsConnection(Channel channel, Role role, MtaTlsListener listener) {
        this.channel = channel;
        this.listener = listener;
        this.multiplexer = new Multiplexer(role);
    }

    /** Takes over a connection whose TLS handshake is done, as the last handler of its pipeline. */
    public static MtaTlsConnection start(Channel channel, Role role, MtaTlsListener listener) {
        MtaTlsConnection connection = new MtaTlsConnection(channel, role, listener);
        // The protocol has no message that only asks whether anybody is there.
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        channel.pipeline().addLast(new MessageCodec(), connection);
        return connection;
    }

    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    public boolean isOver() {
        return over;
    }

    /** How many channels are asked for or open. */
    public int streamCount() {
        return multiplexer.count();
    }

    /**
     * Asks the other end for a channel to an address or a name.
     *
     * @return null where there are too many already, or the connection is over
     */
    public @Nullable StreamHandle open(Destination destination, StreamListener streamListener) {
        MtaChannel opened = over ? null : multiplexer.open(destination);
        if (opened == null) {
            return null;
        }
        MtaTlsStream stream = new MtaTlsStream(this, multiplexer, opened);
        stream.listen(streamListener);
        work();
        return stream;
    }

    /** Ends the connection and with it every channel. */
    public void close(String reason) {
        if (over) {
            return;
        }
        over = true;
        int lost = multiplexer.end().size();
        tellEvents();
        channel.close();
        listener.onEnded(reason, lost);
    }

    /** Something has changed: tell the events, send what can leave. */
    void work() {
        if (working) {
            workIsDue = true;
            return;
        }
        working = true;
        try {
            do {
                workIsDue = false;
                tellEvents();
                send();
            } while (workIsDue);
        } finally {
            working = false;
        }
    }

    private void tellEvents() {
        for (ChannelEvent event = multiplexer.pollEvent(); event != null; event = multiplexer.pollEvent()) {
            if (event instanceof ChannelEvent.Requested request) {
                listener.onRequest(new MtaTlsStream(this, multiplexer, event.channel()), request.destination());
            } else if (event.channel().owner() instanceof MtaTlsStream stream) {
                stream.tell(event);
            }
        }
    }

    private void send() {
        if (over) {
            return;
        }
        if (multiplexer.isFlooded()) {
            close("the peer asks for more than it takes answers for");
            return;
        }
        boolean more = true;
        boolean wrote = false;
        while (more && channel.isWritable()) {
            ByteBuf flight = channel.alloc().directBuffer(FLIGHT_BYTES);
            more = multiplexer.fill(flight, FLIGHT_BYTES);
            if (flight.isReadable()) {
                channel.write(flight);
                wrote = true;
            } else {
                flight.release();
            }
        }
        if (wrote) {
            channel.flush();
        }
        workIsDue |= multiplexer.hasEvent();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (over || !(message instanceof Message read)) {
            if (message instanceof Message unwanted) {
                unwanted.release();
            } else {
                ReferenceCountUtil.release(message);
            }
            return;
        }
        try {
            multiplexer.handle(read);
            work();
        } catch (ProtocolException e) {
            close(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            work();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            close("end of file");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        close("the connection is gone");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        close(String.valueOf(reason.getMessage()));
    }
}
