package holdfast.client.http;

import holdfast.client.opening.Opening;
import holdfast.client.session.StreamOpener;
import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The far side of requests that are passed on: one stream to one destination, and on it HTTP as a client speaks it. It serves one request after the other for
 * as long as the destination keeps the connection.
 */
final class Origin implements StreamOpener.OpenCallback, StreamListener {
    /** Who asks. */
    interface Asker {
        /** Whether it can take more of the response now; where it cannot, it calls {@link #readOn} later. */
        boolean takesMore();

        /** Takes ownership of a part of a response. */
        void onPart(HttpObject part);

        /** Everything up to here came in so many bytes; they are to be {@link #consumed} when they have left. */
        void onBytes(int count);

        /** The next part of the request can be sent. */
        void onWritable();

        /** There will be no more of the response. An end in order is {@link ErrorCode#NONE}. */
        void onLost(ErrorCode code, String text);
    }

    private enum State {
        NEW,
        OPENING,
        OPEN,
        OVER
    }

    private final Destination destination;
    private final StreamOpener opener;
    private final EmbeddedChannel codec;
    private final ByteBuf outgoing = Unpooled.buffer();
    private State state = State.NEW;
    private boolean reading;
    private @Nullable Asker asker;
    private @Nullable StreamHandle stream;

    Origin(Destination destination, StreamOpener opener, HttpDecoderConfig config) {
        this.destination = destination;
        this.opener = opener;
        this.codec = new EmbeddedChannel(new HttpClientCodec(config, false, false));
    }

    Destination destination() {
        return destination;
    }

    /** Who asks from now on. Between two askers nothing may come. */
    void serve(@Nullable Asker next) {
        asker = next;
        if (next == null) {
            readOn();
        }
    }

    boolean isOver() {
        return state == State.OVER;
    }

    boolean isWritable() {
        return state == State.OPEN && stream != null && stream.isWritable();
    }

    /** Takes ownership of a part of a request. The first ones leave with {@link #flush}. */
    void send(HttpObject part) {
        codec.writeOutbound(part);
        for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
            if (stream != null) {
                stream.write(bytes);
            } else {
                outgoing.writeBytes(bytes);
                bytes.release();
            }
        }
    }

    /** Opens the stream, if that has not happened, with what was sent up to now. */
    void flush() {
        if (state == State.NEW) {
            state = State.OPENING;
            ByteBuf first = outgoing.readRetainedSlice(Math.min(outgoing.readableBytes(), Opening.FIRST_BYTES_LIMIT));
            opener.open(OpenRequest.tcp(destination), first, this);
        }
    }

    @Override
    public void onStream(StreamHandle opened) {
        if (state == State.OVER) {
            opened.reset(ErrorCode.CANCELLED);
            return;
        }
        state = State.OPEN;
        stream = opened;
        if (outgoing.isReadable()) {
            opened.write(outgoing.readRetainedSlice(outgoing.readableBytes()));
        }
        opened.listen(this);
        onWritable();
    }

    @Override
    public void onUnavailable(ErrorCode code, String text) {
        lose(code, text);
    }

    @Override
    public void onAccepted(Destination bound) {
        // The request is on its way already.
    }

    @Override
    public void onRejected(ErrorCode code, String text) {
        lose(code, text);
    }

    @Override
    public void onReset(ErrorCode code) {
        lose(code, "the destination broke off");
    }

    @Override
    public void onStopped(ErrorCode code) {
        // It may answer all the same; the end of the other half tells.
    }

    @Override
    public void onWritable() {
        if (asker != null && isWritable()) {
            asker.onWritable();
        }
    }

    @Override
    public void onReadable() {
        readOn();
    }

    /** Takes what has come, for as long as the asker takes it. */
    void readOn() {
        if (stream == null || reading) {
            return;
        }
        reading = true;
        while (state == State.OPEN && (asker == null || asker.takesMore())) {
            ByteBuf bytes = stream.read();
            if (bytes == null) {
                break;
            }
            Asker reader = asker;
            int count = bytes.readableBytes();
            codec.writeInbound(bytes);
            deliver();
            if (reader != null) {
                reader.onBytes(count);
            }
        }
        reading = false;
        if (state == State.OPEN && stream.isEndOfStream()) {
            codec.finish();
            deliver();
            lose(ErrorCode.NONE, "the destination closed the connection");
        }
    }

    /** Returns credit for bytes of the response that have left. */
    void consumed(int count) {
        if (stream != null) {
            stream.consumed(count);
        }
    }

    /** Gives the stream up. The request was sent as far as it was; nothing more of a response is wanted. */
    void drop() {
        if (state != State.OVER) {
            end();
            if (stream != null) {
                stream.reset(ErrorCode.CANCELLED);
            }
        }
    }

    /**
     * Lets go of the stream behind a response that changed the protocol. What was read beyond that response comes first.
     *
     * @param beyond called with each buffer, takes ownership
     */
    StreamHandle release(Consumer<ByteBuf> beyond) {
        for (Object rest = codec.readInbound(); rest != null; rest = codec.readInbound()) {
            if (rest instanceof ByteBuf bytes) {
                beyond.accept(bytes);
            } else {
                ReferenceCountUtil.release(rest);
            }
        }
        end();
        return Objects.requireNonNull(stream, "a response came, so there is a stream");
    }

    private void deliver() {
        while (state == State.OPEN) {
            HttpObject part = codec.readInbound();
            if (part == null) {
                return;
            }
            if (asker == null) {
                ReferenceCountUtil.release(part);
                drop();
            } else {
                asker.onPart(part);
            }
        }
    }

    private void lose(ErrorCode code, String text) {
        if (state != State.OVER) {
            end();
            if (asker != null) {
                asker.onLost(code, text);
            }
        }
    }

    private void end() {
        state = State.OVER;
        codec.finishAndReleaseAll();
        outgoing.release();
    }
}
