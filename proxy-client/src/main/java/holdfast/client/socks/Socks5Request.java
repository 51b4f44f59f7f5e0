package holdfast.client.socks;

import holdfast.protocol.Destination;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** {@code VER | CMD | RSV | address} (RFC 1928 section 4). */
record Socks5Request(int command, Destination destination) {
    static final int VERSION = 5;

    static final int CONNECT = 1;
    static final int BIND = 2;
    static final int UDP_ASSOCIATE = 3;

    /**
     * The request at the reader index, which is moved past it; null, and nothing moved, while it is not complete. Borrows the buffer. RSV is not looked at, as
     * other servers do not either.
     *
     * @throws SocksException if it is not a request, as soon as that can be seen
     */
    static @Nullable Socks5Request read(ByteBuf in) throws SocksException {
        int start = in.readerIndex();
        if (in.isReadable() && in.getUnsignedByte(start) != VERSION) {
            throw new SocksException(
                    SocksReply.GENERAL_FAILURE, "request of version " + in.getUnsignedByte(start) + ", not 5");
        }
        if (in.readableBytes() < 4) {
            return null;
        }
        int command = in.getUnsignedByte(start + 1);
        in.skipBytes(3);
        Destination destination = SocksAddress.read(in);
        if (destination == null) {
            in.readerIndex(start);
            return null;
        }
        return new Socks5Request(command, destination);
    }
}
