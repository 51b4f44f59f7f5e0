package holdfast.transport;

import holdfast.frame.Frame;
import holdfast.frame.FrameDecoder;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The last handler of a path's pipeline: turns decrypted bytes into frames for the receiver, and every kind of end into one {@code onClosed}. */
final class PathHandler extends ChannelInboundHandlerAdapter {
    /**
     * After so many frames the loop's other connections have their turn. A read of a path is up to 512 KiB: of DATA that is a few dozen frames, of the smallest ones tens of
     * thousands, and the sessions of others on the same loop would wait for all of them.
     */
    static final int TURN_FRAMES = 128;

    private final Channel channel;
    private final FrameDecoder decoder;
    private final PathChannel path;
    private final ArrayDeque<ByteBuf> kept = new ArrayDeque<>();

    private @Nullable PathReceiver receiver;
    private boolean holding;
    private boolean pausing;
    private boolean yielding;
    private int turnFrames;
    private boolean closed;
    private int received;
    private ErrorCode closeCode = ErrorCode.PATH_LOST;
    private String closeText = "closed by the other end";

    PathHandler(Channel channel) {
        this.channel = channel;
        this.decoder = new FrameDecoder(channel.alloc());
        this.path = new PathChannel(channel, this);
    }

    PathChannel path() {
        return path;
    }

    int takeReceived() {
        int bytes = received;
        received = 0;
        return bytes;
    }

    void hold() {
        holding = true;
        channel.config().setAutoRead(false);
    }

    void pause(long nanos) {
        if (pausing || holding || closed) {
            return;
        }
        pausing = true;
        channel.config().setAutoRead(false);
        channel.eventLoop()
                .schedule(
                        () -> {
                            pausing = false;
                            goOn();
                        },
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    /** Nobody wants what arrives from now on. */
    void discard() {
        closed = true;
        kept.forEach(ByteBuf::release);
        kept.clear();
        channel.config().setAutoRead(true);
    }

    void moveTo(EventLoop loop, Runnable then) {
        if (loop == channel.eventLoop()) {
            then.run();
            return;
        }
        channel.deregister()
                .addListener(done -> loop.register(channel).addListener(registered -> {
                    if (registered.isSuccess()) {
                        then.run();
                    } else {
                        channel.unsafe().closeForcibly();
                    }
                }));
    }

    /** Gives the receiver what was kept, then lets the connection read on. */
    void attach(PathReceiver next) {
        receiver = next;
        holding = false;
        if (closed) {
            next.onClosed(path, closeCode, closeText);
            return;
        }
        goOn();
    }

    /** Handles what was kept, as far as that may be done now, and then reads on. */
    private void goOn() {
        PathReceiver to = receiver;
        turnFrames = 0;
        while (to != null && mayGoOn() && !kept.isEmpty()) {
            decode(kept.remove(), to);
        }
        if (to != null && mayGoOn()) {
            to.onReadComplete(path);
        }
        if (to != null && mayGoOn() && channel.isActive()) {
            channel.config().setAutoRead(true);
        }
    }

    private boolean mayGoOn() {
        return !holding && !pausing && !yielding && !closed;
    }

    private void yieldTurn() {
        yielding = true;
        channel.config().setAutoRead(false);
        channel.eventLoop().execute(() -> {
            yielding = false;
            goOn();
        });
    }

    /** What arrived before the end is handled before it, however much it is. */
    private void takeRest() {
        PathReceiver to = receiver;
        if (to == null || holding || closed) {
            return;
        }
        turnFrames = Integer.MIN_VALUE;
        while (!holding && !closed && !kept.isEmpty()) {
            decode(kept.remove(), to);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        PathReceiver to = receiver;
        if (!(message instanceof ByteBuf in) || closed) {
            ReferenceCountUtil.release(message);
        } else if (holding || to == null || !kept.isEmpty()) {
            kept.add(in);
        } else {
            decode(in, to);
        }
    }

    /** Takes ownership. */
    private void decode(ByteBuf in, PathReceiver to) {
        int unread = in.readableBytes();
        try {
            while (!holding && !closed && (!yielding || turnFrames < 0)) {
                Frame frame = decoder.decode(in);
                received += unread - in.readableBytes();
                unread = in.readableBytes();
                if (frame == null) {
                    break;
                }
                to.onFrame(path, frame);
                if (++turnFrames == TURN_FRAMES) {
                    yieldTurn();
                }
            }
        } catch (ProtocolException e) {
            to.onViolation(path, e.code(), String.valueOf(e.getMessage()));
            close(e.code(), String.valueOf(e.getMessage()));
        } finally {
            if ((holding || yielding) && !closed && in.isReadable()) {
                kept.addFirst(in);
            } else {
                in.release();
            }
        }
        if (!holding && !closed) {
            to.onBytes(path);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        turnFrames = yielding ? turnFrames : 0;
        if (!holding && !closed && receiver != null) {
            receiver.onReadComplete(path);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!holding && !closed && receiver != null && channel.isWritable()) {
            receiver.onWritable(path);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // An end that TLS vouches for is as good or bad as any other: only frames end anything but the path.
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            takeRest();
            close(ErrorCode.PATH_LOST, "end of file");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        takeRest();
        close(closeCode, closeText);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        takeRest();
        close(ErrorCode.PATH_LOST, String.valueOf(cause.getMessage()));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        decoder.close();
        kept.forEach(ByteBuf::release);
        kept.clear();
    }

    private void close(ErrorCode code, String text) {
        if (closed) {
            return;
        }
        closed = true;
        closeCode = code;
        closeText = text;
        if (!holding && receiver != null) {
            receiver.onClosed(path, code, text);
        }
        channel.close();
    }
}
