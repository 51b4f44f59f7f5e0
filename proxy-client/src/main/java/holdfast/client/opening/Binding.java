package holdfast.client.opening;

import holdfast.client.session.StreamOpener;
import holdfast.driver.StreamHandle;
import holdfast.driver.StreamListener;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.StreamKind;
import holdfast.relay.Relay;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One program's BIND (RFC 1928 section 4, and SOCKS4): it is told where the gateway listens, then who has connected, and then talks with him.
 *
 * <pre>
 *   OPENING --stream--> ASKED --accepted: first answer--> LISTENING --connection: second answer--> relay
 *      |                  |                                   |
 *      +------------------+--refused, unavailable, reset------+--> the answer says so
 * </pre>
 *
 * <p>The program's end of the connection, in order or not, ends the listener.
 */
public final class Binding extends ChannelInboundHandlerAdapter implements StreamOpener.OpenCallback, StreamListener {
    private static final Logger LOG = LoggerFactory.getLogger(Binding.class);

    /** What a program may say before somebody listens to it. */
    private static final int EARLY_LIMIT = 64 * 1024;

    private static final Destination HERE = Destination.parse("0.0.0.0:0");

    private enum State {
        OPENING,
        ASKED,
        LISTENING,
        OVER
    }

    private final Channel program;
    private final Answer answer;
    private final Destination expected;
    private ByteBuf early;
    private State state = State.OPENING;
    private @Nullable StreamHandle listener;
    private @Nullable StreamHandle connection;
    private Destination peer = HERE;

    private Binding(Channel program, Destination expected, ByteBuf early, Answer answer) {
        this.program = program;
        this.expected = expected;
        this.early = early;
        this.answer = answer;
    }

    /**
     * Has the gateway listen for a connection. The caller's handlers are gone from the pipeline, or let everything pass.
     *
     * @param expected who is to connect
     * @param early takes ownership; what the program said behind its request
     */
    public static void begin(Channel program, DoorPolicy policy, Destination expected, ByteBuf early, Answer answer) {
        RequestDeadline.met(program);
        Binding binding = new Binding(program, expected, early, answer);
        program.pipeline().addLast(binding);
        // Its end has to be noticed while nothing else happens.
        program.config().setAutoRead(true);
        policy.opener().open(OpenRequest.of(StreamKind.BIND, expected), null, binding);
    }

    // The gateway's side.

    @Override
    public void onStream(StreamHandle opened) {
        if (state == State.OVER) {
            opened.reset(ErrorCode.CANCELLED);
        } else {
            listener = opened;
            state = State.ASKED;
            opened.listen(this);
        }
    }

    @Override
    public void onAccepted(Destination bound) {
        if (state == State.ASKED) {
            state = State.LISTENING;
            program.writeAndFlush(answer.opened(bound));
            relayIfConnected();
        }
    }

    @Override
    public void onConnection(StreamHandle arrived, Destination from) {
        if (state == State.OVER || connection != null) {
            arrived.reject(ErrorCode.CANCELLED, "one connection was expected, and it is there");
            return;
        }
        connection = arrived;
        peer = from;
        relayIfConnected();
    }

    /** The connection may have come before the word that there is a listener. */
    private void relayIfConnected() {
        StreamHandle arrived = connection;
        if (state != State.LISTENING || arrived == null) {
            return;
        }
        state = State.OVER;
        program.config().setAutoRead(false);
        program.writeAndFlush(answer.opened(peer));
        arrived.accept(HERE);
        if (early.isReadable()) {
            arrived.write(takeEarly());
        } else {
            takeEarly().release();
        }
        giveUpListener();
        program.pipeline().remove(this);
        Relay.start(program, arrived);
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
        fail(code, "the gateway listens no more");
    }

    @Override
    public void onReadable() {
        // Nothing comes on the listening stream.
    }

    @Override
    public void onWritable() {
        // Nothing is written to it.
    }

    @Override
    public void onStopped(ErrorCode code) {
        // RESET follows.
    }

    // The program's side.

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (state == State.OVER) {
            bytes.release();
            return;
        }
        early = Unpooled.wrappedBuffer(early, bytes);
        if (early.readableBytes() >= EARLY_LIMIT) {
            program.config().setAutoRead(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finish();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    // The end.

    private void fail(ErrorCode code, String text) {
        if (state == State.OVER) {
            return;
        }
        finish();
        LOG.atDebug()
                .addKeyValue("peer", expected)
                .addKeyValue("code", code)
                .addKeyValue("reason", text)
                .log("bind.failed");
        program.pipeline().remove(this);
        LastWords.send(program, answer.failed(code, text));
    }

    private void finish() {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        takeEarly().release();
        giveUpListener();
        if (connection != null) {
            connection.reject(ErrorCode.CANCELLED, "the program has gone");
        }
    }

    private void giveUpListener() {
        if (listener != null) {
            listener.reset(ErrorCode.CANCELLED);
        }
    }

    private ByteBuf takeEarly() {
        ByteBuf taken = early;
        early = Unpooled.EMPTY_BUFFER;
        return taken;
    }
}
