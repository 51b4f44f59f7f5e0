package holdfast.client.socks;

import holdfast.client.opening.Answer;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import org.jspecify.annotations.Nullable;

/** {@code VN (0) | CD | DSTPORT | DSTIP}: all that SOCKS4 can say is granted (90) or not (91; 93 where a login would be needed). */
final class Socks4Answer implements Answer {
    static final Socks4Answer INSTANCE = new Socks4Answer();

    static final int GRANTED = 90;
    static final int REJECTED = 91;
    static final int USER_NOT_CONFIRMED = 93;

    private Socks4Answer() {}

    @Override
    public ByteBuf opened(@Nullable Destination bound) {
        ByteBuf out = Unpooled.buffer(8).writeByte(0).writeByte(GRANTED);
        if (bound instanceof Destination.Ip ip && ip.address() instanceof Inet4Address) {
            return out.writeShort(ip.port()).writeBytes(ip.address().getAddress());
        }
        return out.writeZero(6);
    }

    @Override
    public ByteBuf failed(ErrorCode code, String text) {
        return refused(REJECTED);
    }

    static ByteBuf refused(int code) {
        return Unpooled.buffer(8).writeByte(0).writeByte(code).writeZero(6);
    }
}
