package holdfast.server.gateway;

import holdfast.identity.Chain;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.util.List;

/**
 * Stands before TLS and takes the chain off the front of a connection that starts with one (PROTOCOL.md section 2.7). It is not looked into here: only who
 * has got through TLS is worth the work. Removes itself when it has seen what it needs.
 */
final class ChainPreface extends ByteToMessageDecoder {
    private byte[] body = {};

    /** What the connection has started with; empty where that was TLS. */
    byte[] body() {
        return body;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws IOException {
        if (in.getByte(in.readerIndex()) != Chain.FIRST_BYTE) {
            context.pipeline().remove(this);
            return;
        }
        if (in.readableBytes() < Chain.HEAD_BYTES) {
            return;
        }
        byte[] head = new byte[Chain.HEAD_BYTES];
        in.getBytes(in.readerIndex(), head);
        int length = Chain.bodyLength(head);
        if (in.readableBytes() < Chain.HEAD_BYTES + length) {
            return;
        }
        body = new byte[length];
        in.skipBytes(Chain.HEAD_BYTES).readBytes(body);
        context.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
