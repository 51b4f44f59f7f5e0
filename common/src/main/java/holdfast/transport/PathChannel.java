package holdfast.transport;

import holdfast.console.FaultPoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * One encrypted transport connection as its owner sees it: frames come in through a {@link PathReceiver}, contiguous buffers of frames go out.
 *
 * <p>Everything here belongs to the connection's event loop.
 */
public final class PathChannel {
    private static final long LAST_WORDS_MILLIS = 1000;

    private final Channel channel;
    private final PathHandler handler;
    private int unsentLimit;

    PathChannel(Channel channel, PathHandler handler) {
        this.channel = channel;
        this.handler = handler;
    }

    /** Puts the last handler on a connection whose TLS handshake is done. What arrives is kept until {@link #attach}. */
    public static PathChannel held(Channel channel) {
        FaultPoint.reach("tls-done");
        SocketOptions.paceIfLong(channel);
        PathHandler handler = new PathHandler(channel);
        channel.pipeline().addLast(handler);
        handler.hold();
        return handler.path();
    }

    /** Puts the last handler on a connection whose TLS handshake is done; the receiver is told what arrives. */
    public static PathChannel receiving(Channel channel, PathReceiver receiver) {
        PathChannel path = held(channel);
        path.attach(receiver);
        return path;
    }

    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    public SocketAddress localAddress() {
        return channel.localAddress();
    }

    public SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    /** The connection below, for socket options. */
    public Channel channel() {
        return channel;
    }

    /** Whether more should be written now: the kernel has taken all that was written. */
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Takes ownership. One contiguous buffer of whole frames, so that TLS makes full records of it. */
    public void write(ByteBuf frames) {
        channel.write(frames, channel.voidPromise());
    }

    /** Sets how many bytes the kernel may hold that it has not sent yet, where the transport can do that. */
    public void limitUnsent(int bytes) {
        if (bytes != unsentLimit && bytes > 0) {
            unsentLimit = bytes;
            SocketOptions.limitUnsent(channel, bytes);
        }
    }

    public void flush() {
        channel.flush();
    }

    /** Frame bytes that were decoded since this was last asked. */
    public int takeReceived() {
        return handler.takeReceived();
    }

    /** Keeps everything that arrives from now on, also what was read already, for the receiver that {@link #attach} names. */
    public void hold() {
        handler.hold();
    }

    /** Reads nothing more for so long: the peer does more than its share. */
    public void pause(long nanos) {
        handler.pause(nanos);
    }

    /** Moves the connection, which is held, to another event loop and goes on there; where that fails the connection is closed. */
    public void moveTo(EventLoop loop, Runnable then) {
        handler.moveTo(loop, then);
    }

    /** Hands the connection, which is held, to a receiver, which gets at once what was kept. */
    public void attach(PathReceiver receiver) {
        handler.attach(receiver);
    }

    /** Closes behind everything that was written, with TLS's close_notify. */
    public void closeAfterFlush() {
        channel.flush();
        channel.close();
    }

    /** Closes at once, with RST: nothing on it matters any more. */
    public void abort() {
        SocketOptions.abort(channel);
    }

    /**
     * Writes the last words and closes, once the other end has had the time to read them: closing over unread bytes would make the kernel send RST,
     * which destroys what was not read yet. Takes ownership.
     */
    public void closeWith(ByteBuf frames) {
        handler.discard();
        channel.writeAndFlush(frames).addListener(written -> {
            if (written.isSuccess()) {
                channel.eventLoop().schedule(() -> channel.close(), LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                channel.close();
            }
        });
    }
}
