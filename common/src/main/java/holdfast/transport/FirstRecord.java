package holdfast.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;

/**
 * Stands where TLS is going to stand, and lets it begin once a whole first record is there: until then a stranger costs what he has sent, and neither an engine nor
 * the large buffer that his few bytes were read into.
 */
final class FirstRecord extends ChannelInboundHandlerAdapter {
    private static final int FIRST_BYTES = 256;

    // RFC 8446 section 5.1: type, version, length. What is longer, or no handshake, is for the engine to refuse.
    private static final int HEADER_BYTES = 5;
    private static final int LENGTH_AT = 3;
    private static final int MAX_RECORD_BYTES = 16_384;
    private static final int TYPE_HANDSHAKE = 22;

    /** Puts TLS behind this handler. */
    interface Beginning {
        void begin(ChannelHandlerContext own);
    }

    private final Beginning beginning;
    private ByteBuf arrived = Unpooled.EMPTY_BUFFER;
    private boolean over;

    FirstRecord(Beginning beginning) {
        this.beginning = beginning;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (!arrived.isReadable() && isWhole(bytes)) {
            pass(context, bytes);
            return;
        }
        if (arrived.capacity() == 0) {
            arrived = Unpooled.buffer(FIRST_BYTES);
        }
        arrived.writeBytes(bytes);
        bytes.release();
        if (isWhole(arrived)) {
            ByteBuf whole = arrived;
            arrived = Unpooled.EMPTY_BUFFER;
            pass(context, whole);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fail(context, new ClosedChannelException());
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(context, cause);
        context.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        arrived.release();
        arrived = Unpooled.EMPTY_BUFFER;
    }

    /** Takes ownership. */
    private void pass(ChannelHandlerContext context, ByteBuf bytes) {
        try {
            beginning.begin(context);
        } catch (IllegalStateException theKeyWasReplacedAtThisMoment) {
            bytes.release();
            throw theKeyWasReplacedAtThisMoment;
        }
        over = true;
        context.fireChannelRead(bytes);
        context.pipeline().remove(this);
    }

    /** The handlers behind hear of it as of a handshake. */
    private void fail(ChannelHandlerContext context, Throwable cause) {
        if (!over) {
            over = true;
            context.fireUserEventTriggered(new SslHandshakeCompletionEvent(cause));
        }
    }

    private static boolean isWhole(ByteBuf bytes) {
        int at = bytes.readerIndex();
        if (!bytes.isReadable() || bytes.getByte(at) != TYPE_HANDSHAKE) {
            return bytes.isReadable();
        }
        if (bytes.readableBytes() < HEADER_BYTES) {
            return false;
        }
        int length = bytes.getUnsignedShort(at + LENGTH_AT);
        return length > MAX_RECORD_BYTES || bytes.readableBytes() >= HEADER_BYTES + length;
    }
}
