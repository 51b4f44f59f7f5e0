package holdfast.client.socks;

import holdfast.client.opening.Answer;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** {@code VER | REP | RSV | bound address} (RFC 1928 section 6). */
final class Socks5Answer implements Answer {
    static final Socks5Answer INSTANCE = new Socks5Answer();

    private Socks5Answer() {}

    @Override
    public ByteBuf opened(@Nullable Destination bound) {
        return reply(SocksReply.SUCCEEDED, bound);
    }

    @Override
    public ByteBuf failed(ErrorCode code, String text) {
        return failed(SocksReply.of(code));
    }

    static ByteBuf failed(SocksReply reply) {
        return reply(reply, null);
    }

    private static ByteBuf reply(SocksReply reply, @Nullable Destination bound) {
        ByteBuf out = Unpooled.buffer(22);
        out.writeByte(Socks5Request.VERSION).writeByte(reply.code()).writeByte(0);
        SocksAddress.write(out, bound);
        return out;
    }
}
