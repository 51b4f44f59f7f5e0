package holdfast.relay;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Pumps bytes between a socket and a stream, both ways, until both directions have ended.
 *
 * <p>Each direction ends by itself and exactly: end of file becomes {@code finish}, a finished stream becomes FIN behind its last byte. An abnormal end
 * on either side becomes RST on the other, never a clean end. A slow side holds the other back: the socket is read only while the stream is
 * writable, the stream only while the socket is, and credit returns when bytes have left for the kernel.
 *
 * <pre>
 *   outgoing (socket to stream)   OPEN --end of file--> OVER         finish
 *                                 OPEN --stopped------> DROPPED      read on, so that the end is noticed, and thrown away
 *   incoming (stream to socket)   OPEN --end----------> ENDING --all written--> OVER     FIN
 *                                 OPEN --broken pipe--------------------------> OVER     stop; what the socket said before is still read
 *   either                        reset on one side --> RST on the other, both over
 * </pre>
 */
public final class Relay implements StreamListener {
    /** A read buffer that is used by less than this part is exchanged for one that fits: the session may hold on to it for long. */
    private static final int WASTEFUL = 4;

    /** How long a socket that is not listened to any more may take to end, or to take what is written to it. */
    private static final long DROPPED_PATIENCE_SECONDS = 5;

    /** Values of SO_LINGER: what is not delivered yet is thrown away and the peer told so, or it is delivered in the background. */
    private static final int RESET_ON_CLOSE = 0;

    private static final int FINISH_ON_CLOSE = -1;

    private enum Outgoing {
        OPEN,
        DROPPED,
        OVER
    }

    private enum Incoming {
        OPEN,
        ENDING,
        OVER
    }

    private final DuplexChannel socket;
    private final StreamHandle stream;
    private final Meter meter;

    private Outgoing outgoing = Outgoing.OPEN;
    private Incoming incoming = Incoming.OPEN;
    private boolean closed;
    private boolean readingPaused;
    private boolean writingPaused;

    /** Bytes handed to the socket that have not left for the kernel. */
    private long leaving;

    private long left;

    private Relay(DuplexChannel socket, StreamHandle stream, Meter meter) {
        this.socket = socket;
        this.stream = stream;
        this.meter = meter;
    }

    /**
     * Starts pumping, and takes the socket over. Bytes that {@link EarlyBytes} has kept go first; handlers that hold some may be removed, and so pass
     * them on, up to the end of the event loop's turn.
     *
     * @param socket registered on the stream's event loop, not reading by itself, half-closure allowed
     */
    public static void start(Channel socket, StreamHandle stream) {
        start(socket, stream, Meter.NONE);
    }

    /** As {@link #start(Channel, StreamHandle)}, watched by a meter. */
    public static void start(Channel socket, StreamHandle stream, Meter meter) {
        Relay relay = new Relay((DuplexChannel) socket, stream, meter);
        // A failed write must not close the socket: what the peer said before may still lie in the kernel.
        socket.config().setAutoClose(false);
        socket.pipeline().addLast(new RelayHandler(relay));
        stream.listen(relay);
        if (socket.pipeline().get(EarlyBytes.class) != null) {
            socket.pipeline().remove(EarlyBytes.class);
        }
        stream.eventLoop().execute(relay::begin);
    }

    private void begin() {
        // Should this process be killed, the kernel is to end the socket with RST, as abort() would.
        setLinger(RESET_ON_CLOSE);
        if (!socket.isActive()) {
            socketClosed();
        } else if (socket.isInputShutdown()) {
            socketFinished();
        } else {
            readOn();
        }
    }

    // What the socket does.

    /** Takes ownership. */
    void socketRead(ByteBuf data) {
        if (closed || outgoing != Outgoing.OPEN) {
            data.release();
            return;
        }
        int bytes = data.readableBytes();
        stream.write(fitting(data));
        slowReading(meter.fromSocket(bytes));
        if (outgoing == Outgoing.OPEN && !closed && (readingPaused || !stream.isWritable())) {
            socket.config().setAutoRead(false);
        }
    }

    /** End of file. */
    void socketFinished() {
        if (closed || outgoing == Outgoing.OVER) {
            return;
        }
        boolean wasOpen = outgoing == Outgoing.OPEN;
        outgoing = Outgoing.OVER;
        if (wasOpen) {
            stream.finish();
        }
        closeIfOver();
    }

    void socketWritable() {
        pump();
    }

    /** A reset, or something unforeseen. */
    void socketFailed(ErrorCode code) {
        abort(code);
    }

    /** The socket is gone without our doing: whatever had not ended by then has ended abnormally. */
    void socketClosed() {
        if (!closed) {
            closed = true;
            stream.reset(ErrorCode.CONNECTION_RESET);
            meter.ended(ErrorCode.CONNECTION_RESET);
        }
    }

    // What the stream does.

    @Override
    public void onReadable() {
        pump();
    }

    @Override
    public void onWritable() {
        readOn();
    }

    @Override
    public void onStopped(ErrorCode code) {
        if (closed || outgoing != Outgoing.OPEN) {
            return;
        }
        outgoing = Outgoing.DROPPED;
        readOn();
        watchDropped(left);
    }

    @Override
    public void onRejected(ErrorCode code, String text) {
        meter.refused(code, text);
        onReset(code);
    }

    @Override
    public void onReset(ErrorCode code) {
        abort(ErrorCode.CONNECTION_RESET);
    }

    // From the stream to the socket.

    private void pump() {
        if (closed || incoming != Incoming.OPEN) {
            return;
        }
        boolean wrote = false;
        while (!writingPaused && !closed && socket.isWritable()) {
            ByteBuf data = stream.read();
            if (data == null) {
                break;
            }
            int bytes = data.readableBytes();
            leaving += bytes;
            socket.write(data).addListener(new Leaving(bytes));
            wrote = true;
            slowWriting(meter.toSocket(bytes));
        }
        if (stream.isEndOfStream() && !closed && incoming == Incoming.OPEN) {
            incoming = Incoming.ENDING;
        }
        if (wrote) {
            socket.flush();
        }
        finishIfAllLeft();
    }

    /** A class and not a lambda: the quick compiler's code calls into the JVM for each lambda that holds something. */
    private final class Leaving implements ChannelFutureListener {
        private final int bytes;

        Leaving(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public void operationComplete(ChannelFuture write) {
            written(bytes, write);
        }
    }

    private void written(int bytes, Future<?> write) {
        leaving -= bytes;
        if (write.isSuccess()) {
            left += bytes;
            stream.consumed(bytes);
            finishIfAllLeft();
        } else {
            writeFailed(write.cause());
        }
    }

    private void writeFailed(Throwable cause) {
        if (closed || incoming == Incoming.OVER) {
            return;
        }
        if (!SocketErrors.isBrokenPipe(cause)) {
            abort(ErrorCode.CONNECTION_RESET);
            return;
        }
        incoming = Incoming.OVER;
        stream.stop(ErrorCode.CONNECTION_RESET);
        closeIfOver();
    }

    private void finishIfAllLeft() {
        if (closed || incoming != Incoming.ENDING || leaving > 0) {
            return;
        }
        incoming = Incoming.OVER;
        closeIfOver();
        if (!closed) {
            socket.shutdownOutput();
        }
    }

    // From the socket to the stream.

    /** Not once the socket has ended: asking epoll for more of it fails. */
    private void readOn() {
        if (!closed
                && socket.isActive()
                && !socket.isInputShutdown()
                && !readingPaused
                && (outgoing == Outgoing.DROPPED || stream.isWritable())) {
            socket.config().setAutoRead(true);
        }
    }

    // Slowing.

    private void slowReading(long nanos) {
        if (nanos == Meter.END) {
            abort(ErrorCode.LIMIT_REACHED);
        } else if (nanos > 0 && !readingPaused) {
            readingPaused = true;
            later(nanos, () -> {
                readingPaused = false;
                readOn();
            });
        }
    }

    private void slowWriting(long nanos) {
        if (nanos == Meter.END) {
            abort(ErrorCode.LIMIT_REACHED);
        } else if (nanos > 0 && !writingPaused) {
            writingPaused = true;
            later(nanos, () -> {
                writingPaused = false;
                pump();
            });
        }
    }

    private void later(long nanos, Runnable then) {
        stream.eventLoop().schedule(then, nanos, TimeUnit.NANOSECONDS);
    }

    private ByteBuf fitting(ByteBuf data) {
        int bytes = data.readableBytes();
        if (bytes > data.capacity() / WASTEFUL) {
            return data;
        }
        try {
            return socket.alloc().directBuffer(bytes, bytes).writeBytes(data);
        } finally {
            data.release();
        }
    }

    /**
     * A program that is not listened to any more gets time to take the rest of the answer and to end. One that goes on talking, or does not even take
     * the answer, has to learn that nobody listens.
     */
    private void watchDropped(long leftBefore) {
        EventLoop loop = stream.eventLoop();
        loop.schedule(
                () -> {
                    if (closed) {
                        return;
                    }
                    boolean stuck = leaving > 0 && left == leftBefore;
                    if (stuck || incoming == Incoming.OVER) {
                        abort(ErrorCode.CONNECTION_RESET);
                    } else {
                        watchDropped(left);
                    }
                },
                DROPPED_PATIENCE_SECONDS,
                TimeUnit.SECONDS);
    }

    // Ends.

    private void closeIfOver() {
        if (outgoing == Outgoing.OVER && incoming == Incoming.OVER) {
            closed = true;
            setLinger(FINISH_ON_CLOSE);
            socket.close();
            meter.ended(ErrorCode.NONE);
        }
    }

    /** Ends both sides at once. The socket gets RST and not FIN: the program must not take what it has for everything. */
    private void abort(ErrorCode code) {
        if (closed) {
            return;
        }
        closed = true;
        stream.reset(code);
        setLinger(RESET_ON_CLOSE);
        meter.ended(code);
        socket.close();
    }

    private void setLinger(int seconds) {
        try {
            socket.config().setOption(ChannelOption.SO_LINGER, seconds);
        } catch (ChannelException alreadyClosed) {
            // Then it makes no difference any more.
        }
    }
}
