package holdfast.mtatls;

import holdfast.mtatls.message.Message;
import holdfast.mtatls.message.MessageDecoder;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Cuts what TLS gives into messages. */
final class MessageCodec extends ByteToMessageDecoder {
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws ProtocolException {
        Message message = MessageDecoder.decode(in);
        if (message != null) {
            out.add(message);
        }
    }
}
