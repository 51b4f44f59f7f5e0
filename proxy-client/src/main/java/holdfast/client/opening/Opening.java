package holdfast.client.opening;

import holdfast.client.session.StreamOpener;
import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.relay.Relay;
import holdfast.transport.SocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.AttributeKey;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One program's connection between its request and its relay.
 *
 * <pre>
 *   confirm:  OPENING --stream--> ASKED --accepted--> relay         refused or unavailable: the answer says so
 *   fast:     GATHERING --first bytes, or none in time--> OPENING --stream--> relay         refused or unavailable: RST
 *   unasked:  as fast, but there is nobody to answer
 * </pre>
 *
 * <p>What the program says meanwhile is kept in order and goes ahead of everything the relay reads.
 */
public final class Opening extends ChannelInboundHandlerAdapter implements StreamOpener.OpenCallback, StreamListener {

    /** What may ride in OPEN: 16 KiB less the room that a frame header and the longest destination need. */
    public static final int FIRST_BYTES_LIMIT = 15 * 1024;

    /** How long a fast opening waits for the program's first bytes. A program that waits for the other end to speak must not notice. */
    private static final long GATHER_MILLIS = 5;

    private static final AttributeKey<StreamHandle> STREAM = AttributeKey.valueOf(Opening.class, "STREAM");

    private enum State {
        GATHERING,
        OPENING,
        ASKED,
        OVER
    }

    private final Channel channel;
    private final StreamOpener opener;
    private final OpenRequest request;
    private final FailureLog log;
    private final Answer answer;
    private final boolean fast;
    private ByteBuf early;
    private State state = State.OPENING;
    private boolean inputEnded;
    private @Nullable StreamHandle stream;

    private Opening(
            Channel channel, StreamOpener opener, OpenRequest request, Answer answer, boolean fast, ByteBuf early) {
        this.channel = channel;
        this.opener = opener;
        this.request = request;
        this.log = new FailureLog(request.destination());
        this.answer = answer;
        this.fast = fast;
        this.early = early;
    }

    /**
     * Opens a stream for a connection and relays between the two. The caller's handlers are gone from the pipeline, or let everything pass; autoRead is off.
     *
     * @param early takes ownership; what the program said behind its request
     */
    public static void begin(Channel channel, DoorPolicy policy, OpenRequest request, ByteBuf early, Answer answer) {
        RequestDeadline.metForGood(channel);
        boolean fast = policy.mode()
                .answersAtOnce(request.destination(), policy.opener().isPathUp());
        Opening opening = new Opening(channel, policy.opener(), request, answer, fast, early);
        channel.pipeline().addLast(opening);
        if (fast) {
            opening.answerAtOnce();
        } else {
            opening.open();
        }
    }

    /**
     * As {@link #begin}, for a connection whose program did not ask for it and knows of no proxy: it counts as connected since it was accepted, so there is
     * nothing to answer, and a failure is a reset.
     */
    public static void beginUnasked(Channel channel, StreamOpener opener, OpenRequest request) {
        Opening opening = new Opening(channel, opener, request, Answer.NONE, true, Unpooled.EMPTY_BUFFER);
        channel.pipeline().addLast(opening);
        opening.answerAtOnce();
    }

    /** The stream that a program's connection has become; empty before, and where a connection is not one stream. */
    public static Optional<StreamHandle> streamOf(Channel connection) {
        return Optional.ofNullable(connection.attr(STREAM).get());
    }

    private void answerAtOnce() {
        channel.writeAndFlush(answer.opened(null));
        if (early.isReadable()) {
            open();
            return;
        }
        state = State.GATHERING;
        channel.read();
        channel.eventLoop().schedule(this::openIfGathering, GATHER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void openIfGathering() {
        if (state == State.GATHERING) {
            open();
        }
    }

    private void open() {
        state = State.OPENING;
        Admission.whenGranted(channel, this::openNow);
    }

    private void openNow() {
        if (state == State.OVER) {
            return;
        }
        ByteBuf first =
                early.isReadable() ? early.readRetainedSlice(Math.min(early.readableBytes(), FIRST_BYTES_LIMIT)) : null;
        opener.open(request, first, this);
    }

    @Override
    public void onStream(StreamHandle opened) {
        if (state == State.OVER) {
            opened.reset(ErrorCode.CANCELLED);
            return;
        }
        stream = opened;
        channel.attr(STREAM).set(opened);
        if (early.isReadable()) {
            opened.write(takeEarly());
        }
        if (fast) {
            relay(opened);
        } else {
            state = State.ASKED;
            opened.listen(this);
        }
    }

    @Override
    public void onAccepted(Destination bound) {
        if (state == State.ASKED && stream != null) {
            channel.writeAndFlush(answer.opened(bound));
            relay(stream);
        }
    }

    @Override
    public void onRejected(ErrorCode code, String text) {
        fail(code, text);
    }

    @Override
    public void onUnavailable(ErrorCode code, String text) {
        fail(code, text);
    }

    @Override
    public void onReset(ErrorCode code) {
        fail(code, "the gateway gave this connection up");
    }

    @Override
    public void onReadable() {
        // The relay, which follows ACCEPT, is told again.
    }

    @Override
    public void onWritable() {
        // Nothing more is written before the relay starts.
    }

    @Override
    public void onStopped(ErrorCode code) {
        // REJECT or RESET follows; a stream that takes no bytes may still bring some.
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (state == State.OVER) {
            bytes.release();
        } else if (early.isReadable()) {
            early = Unpooled.wrappedBuffer(early, bytes);
        } else {
            early.release();
            early = bytes;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (early.isReadable()) {
            openIfGathering();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            openIfGathering();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (state != State.OVER) {
            finish();
            if (stream != null) {
                stream.reset(ErrorCode.CANCELLED);
            }
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void relay(StreamHandle opened) {
        finish();
        channel.pipeline().remove(this);
        Relay.start(channel, opened, log);
        if (inputEnded) {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    private void fail(ErrorCode code, String text) {
        if (state == State.OVER) {
            return;
        }
        finish();
        log.refused(code, text);
        if (fast) {
            SocketOptions.abort(channel);
        } else {
            LastWords.send(channel, answer.failed(code, text));
        }
    }

    private void finish() {
        state = State.OVER;
        early.release();
        early = Unpooled.EMPTY_BUFFER;
    }

    private ByteBuf takeEarly() {
        ByteBuf taken = early;
        early = Unpooled.EMPTY_BUFFER;
        return taken;
    }
}
