package holdfast.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands before TLS until the handshake is over and bounds what a stranger may make us hold or do.
 *
 * <p>A first message that announces more than {@value #MAX_HELLO_BYTES} bytes ends the path at once, however little of it has arrived. After
 * {@value #MAX_BYTES} bytes nothing more is read until the handshake has succeeded: an honest peer needs far less for it, and what it sent right
 * behind can wait; one that sends records without end runs into the handshake's timeout.
 */
final class HandshakeLimit extends ChannelDuplexHandler {
    static final int MAX_HELLO_BYTES = 16_384;
    static final int MAX_BYTES = 65_536;

    // RFC 8446 sections 5.1 and 4: type, version, length of the record; type, length of the message.
    private static final int RECORD_HEADER_BYTES = 5;
    private static final int MESSAGE_HEADER_BYTES = 4;
    private static final int RECORD_TYPE_HANDSHAKE = 22;

    private final byte[] head = new byte[RECORD_HEADER_BYTES + MESSAGE_HEADER_BYTES];
    private long received;
    private boolean refused;
    private boolean pausedAutoRead;
    private boolean heldBackRead;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refused || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        keepHead(bytes);
        received += bytes.readableBytes();
        if (announcedBytes() > MAX_HELLO_BYTES) {
            refused = true;
            bytes.release();
            context.fireExceptionCaught(new TooLongFrameException("the peer's first message has " + announcedBytes()
                    + " bytes: at most " + MAX_HELLO_BYTES + " are allowed"));
            context.close();
            return;
        }
        if (received > MAX_BYTES && context.channel().config().isAutoRead()) {
            pausedAutoRead = true;
            context.channel().config().setAutoRead(false);
        }
        context.fireChannelRead(bytes);
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (received > MAX_BYTES) {
            heldBackRead = true;
        } else {
            context.read();
        }
    }

    /** The handshake has succeeded: read on. */
    void lift(ChannelHandlerContext any) {
        ChannelHandlerContext own = any.pipeline().context(this);
        any.pipeline().remove(this);
        if (pausedAutoRead) {
            any.channel().config().setAutoRead(true);
        } else if (heldBackRead) {
            own.read();
        }
    }

    private void keepHead(ByteBuf bytes) {
        if (received < head.length) {
            int missing = Math.min(head.length - (int) received, bytes.readableBytes());
            bytes.getBytes(bytes.readerIndex(), head, (int) received, missing);
        }
    }

    /** What the first message says of its own length; 0 while that is not known. */
    private int announcedBytes() {
        if (received < head.length || head[0] != RECORD_TYPE_HANDSHAKE) {
            return 0;
        }
        int at = RECORD_HEADER_BYTES + 1;
        return ((head[at] & 0xff) << 16) | ((head[at + 1] & 0xff) << 8) | (head[at + 2] & 0xff);
    }
}
