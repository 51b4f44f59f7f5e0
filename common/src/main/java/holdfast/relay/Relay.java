package holdfast.relay;

import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;

/**
 * Pumps bytes between a socket and a stream, both ways, until both directions have ended.
 *
 * <p>Each direction ends by itself and exactly: end of file becomes {@code finish}, a finished stream becomes FIN behind its last byte. An abnormal end
 * on either side becomes RST on the other, never a clean end. A slow side holds the other back: the socket is read only while the stream is
 * writable, the stream only while the socket is, and credit returns when bytes have left for the kernel.
 */
public final class Relay implements StreamListener {
    private final Channel socket;
    private final StreamHandle stream;

    /** No more bytes go from the socket to the stream. */
    private boolean outgoingOver;

    /** The stream's last byte was written to the socket; FIN follows it. */
    private boolean incomingOver;

    private boolean aborted;

    private Relay(Channel socket, StreamHandle stream) {
        this.socket = socket;
        this.stream = stream;
    }

    /**
     * Starts pumping, and takes the socket over.
     *
     * @param socket registered on the stream's event loop, not reading by itself, half-closure allowed
     */
    public static void start(Channel socket, StreamHandle stream) {
        Relay relay = new Relay(socket, stream);
        socket.pipeline().addLast(new RelayHandler(relay));
        stream.listen(relay);
        if (socket.pipeline().get(EarlyBytes.class) != null) {
            socket.pipeline().remove(EarlyBytes.class);
        }
        if (!socket.isActive()) {
            relay.socketClosed();
        } else {
            relay.readOn();
        }
    }

    // What the socket does.

    /** Takes ownership. */
    void socketRead(ByteBuf data) {
        if (outgoingOver) {
            data.release();
        } else {
            stream.write(data);
        }
    }

    void socketReadComplete() {
        if (!outgoingOver && !stream.isWritable()) {
            socket.config().setAutoRead(false);
        }
    }

    /** End of file. */
    void socketFinished() {
        if (!outgoingOver) {
            outgoingOver = true;
            stream.finish();
        }
        closeIfOver();
    }

    void socketWritable() {
        pump();
    }

    /** The socket is gone; whatever had not ended by then has ended abnormally. */
    void socketClosed() {
        if (!aborted && !(outgoingOver && incomingOver)) {
            aborted = true;
            stream.reset(ErrorCode.CONNECTION_RESET);
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

    /** Nothing more is taken of what the program says; it is read and dropped, so that its end is noticed. */
    @Override
    public void onStopped(ErrorCode code) {
        outgoingOver = true;
        readOn();
        closeIfOver();
    }

    @Override
    public void onReset(ErrorCode code) {
        if (!aborted) {
            aborted = true;
            resetSocket();
        }
    }

    /** Closes with RST instead of FIN: the program must not take what it has for everything. */
    private void resetSocket() {
        try {
            socket.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException alreadyClosed) {
            // Then no clean end can go out by mistake.
        }
        socket.close();
    }

    private void readOn() {
        if (!aborted && socket.isActive() && !((DuplexChannel) socket).isInputShutdown()) {
            socket.config().setAutoRead(true);
        }
    }

    private void pump() {
        if (aborted || incomingOver) {
            return;
        }
        boolean wrote = false;
        while (socket.isWritable()) {
            ByteBuf data = stream.read();
            if (data == null) {
                break;
            }
            int bytes = data.readableBytes();
            socket.write(data).addListener(done -> stream.consumed(bytes));
            wrote = true;
        }
        if (stream.isEndOfStream()) {
            incomingOver = true;
            socket.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
                if (done.isSuccess()) {
                    finishSocket();
                }
            });
        } else if (wrote) {
            socket.flush();
        }
    }

    /** FIN, now that every byte before it has left. */
    private void finishSocket() {
        if (outgoingOver) {
            socket.close();
        } else {
            ((DuplexChannel) socket).shutdownOutput();
        }
    }

    private void closeIfOver() {
        if (outgoingOver && incomingOver && ((DuplexChannel) socket).isOutputShutdown()) {
            socket.close();
        }
    }
}
