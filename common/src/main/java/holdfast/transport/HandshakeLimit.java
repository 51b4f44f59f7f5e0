package holdfast.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Stands before TLS until the handshake is over and bounds what a stranger may make us hold or do.
 *
 * <p>A first message that announces more than {@value #MAX_HELLO_BYTES} bytes ends the path at once, however little of it has arrived. Of the rest
 * TLS gets {@value #MAX_RECORDS} records and {@value #MAX_BYTES} bytes; what comes behind waits, unread as far as possible, until the handshake has
 * succeeded. An honest peer needs far less for it, and one that sends tiny records without end runs into the handshake's timeout.
 */
final class HandshakeLimit extends ChannelDuplexHandler {
    static final int MAX_HELLO_BYTES = 16_384;
    static final int MAX_RECORDS = 64;
    static final int MAX_BYTES = 65_536;

    // RFC 8446 sections 5.1 and 4: type, version, length of the record; type, length of the message.
    private static final int RECORD_HEADER_BYTES = 5;
    private static final int MESSAGE_HEADER_BYTES = 4;
    private static final int RECORD_TYPE_HANDSHAKE = 22;

    private final byte[] head = new byte[RECORD_HEADER_BYTES + MESSAGE_HEADER_BYTES];
    private final Queue<ByteBuf> waiting = new ArrayDeque<>();
    private long received;
    private int passed;
    private int records;
    private int recordHeaderBytes;
    private int recordLengthHigh;
    private int recordBytesLeft;
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
        int allowed = waiting.isEmpty() ? allowed(bytes) : 0;
        if (allowed == bytes.readableBytes()) {
            context.fireChannelRead(bytes);
            return;
        }
        if (context.channel().config().isAutoRead()) {
            pausedAutoRead = true;
            context.channel().config().setAutoRead(false);
        }
        ByteBuf first = bytes.readRetainedSlice(allowed);
        waiting.add(bytes);
        context.fireChannelRead(first);
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (waiting.isEmpty()) {
            context.read();
        } else {
            heldBackRead = true;
        }
    }

    /** Whatever still waits was sent by somebody who never got in. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        waiting.forEach(ByteBuf::release);
        waiting.clear();
    }

    /** The handshake has succeeded: pass on what waits and read on, when TLS has returned from telling so. */
    void lift(ChannelHandlerContext any) {
        ChannelHandlerContext own = any.pipeline().context(this);
        any.executor().execute(() -> {
            if (own.isRemoved()) {
                return;
            }
            boolean waited = !waiting.isEmpty();
            for (ByteBuf next = waiting.poll(); next != null; next = waiting.poll()) {
                own.fireChannelRead(next);
            }
            if (waited) {
                own.fireChannelReadComplete();
            }
            own.pipeline().remove(this);
            if (pausedAutoRead) {
                own.channel().config().setAutoRead(true);
            } else if (heldBackRead) {
                own.read();
            }
        });
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

    /** How many of the bytes lie within the limits; counts them as passed. */
    private int allowed(ByteBuf bytes) {
        int start = bytes.readerIndex();
        int end = Math.min(bytes.writerIndex(), start + MAX_BYTES - passed);
        int at = start;
        while (at < end && (records < MAX_RECORDS || recordBytesLeft > 0)) {
            if (recordBytesLeft > 0) {
                int step = Math.min(recordBytesLeft, end - at);
                recordBytesLeft -= step;
                at += step;
            } else {
                at += countHeaderByte(bytes.getUnsignedByte(at));
            }
        }
        passed += at - start;
        return at - start;
    }

    private int countHeaderByte(int value) {
        recordHeaderBytes++;
        if (recordHeaderBytes == RECORD_HEADER_BYTES - 1) {
            recordLengthHigh = value << 8;
        } else if (recordHeaderBytes == RECORD_HEADER_BYTES) {
            recordBytesLeft = recordLengthHigh | value;
            recordHeaderBytes = 0;
            records++;
        }
        return 1;
    }
}
