package holdfast.client.socks;

import holdfast.client.opening.Destinations;
import holdfast.protocol.Destination;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** {@code VN | CD | DSTPORT | DSTIP | USERID | NUL}, and in SOCKS4a behind it {@code name | NUL} where DSTIP is 0.0.0.x with x not 0. */
record Socks4Request(int command, Destination destination) {
    static final int VERSION = 4;

    static final int CONNECT = 1;
    static final int BIND = 2;

    /** The longest user id or name, in bytes; the protocol sets no limit. */
    static final int TEXT_LIMIT = 255;

    private static final int FIXED_LENGTH = 8;

    /**
     * The request at the reader index, which is moved past it; null, and nothing moved, while it is not complete. Borrows the buffer.
     *
     * @throws SocksException if it is not a request, or has a text over the limit
     */
    static @Nullable Socks4Request read(ByteBuf in) throws SocksException {
        int start = in.readerIndex();
        int userEnd = endOfText(in, start + FIXED_LENGTH, "user id");
        if (userEnd < 0) {
            return null;
        }
        int command = in.getUnsignedByte(start + 1);
        int port = in.getUnsignedShort(start + 2);
        int address = in.getInt(start + 4);
        if (address >>> 8 != 0 || address == 0) {
            byte[] ip = new byte[4];
            in.getBytes(start + 4, ip).readerIndex(userEnd + 1);
            return new Socks4Request(command, Destinations.ip(ip, port));
        }
        int nameEnd = endOfText(in, userEnd + 1, "name");
        if (nameEnd < 0) {
            return null;
        }
        byte[] name = new byte[nameEnd - userEnd - 1];
        in.getBytes(userEnd + 1, name).readerIndex(nameEnd + 1);
        return new Socks4Request(command, SocksAddress.named(name, port));
    }

    private static int endOfText(ByteBuf in, int from, String what) throws SocksException {
        int end = from >= in.writerIndex() ? -1 : in.indexOf(from, in.writerIndex(), (byte) 0);
        int length = (end < 0 ? in.writerIndex() : end) - from;
        if (length > TEXT_LIMIT) {
            throw new SocksException(SocksReply.GENERAL_FAILURE, what + " of more than " + TEXT_LIMIT + " bytes");
        }
        return end;
    }
}
