package holdfast.client.socks;

import holdfast.protocol.Destination;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** {@code RSV (2 bytes) | FRAG | ATYP | ADDR | PORT | bytes}: how a program and its association pack datagrams (RFC 1928 section 7). */
final class SocksDatagram {
    private static final int LONGEST_HEADER = 3 + 1 + 1 + 255 + 2;

    private SocksDatagram() {}

    /**
     * Where the datagram is to go; what remains to be read are its bytes, perhaps none. Null if it is to be dropped: no whole header, no address, or a
     * fragment, which RFC 1928 lets a server without reassembly drop. RSV is not looked at. Borrows the datagram.
     */
    static @Nullable Destination readHeader(ByteBuf datagram) {
        if (datagram.readableBytes() < 4 || datagram.getUnsignedByte(datagram.readerIndex() + 2) != 0) {
            return null;
        }
        datagram.skipBytes(3);
        try {
            return SocksAddress.read(datagram);
        } catch (SocksException e) {
            return null;
        }
    }

    /** A datagram for the program, gives ownership. Borrows the bytes. */
    static ByteBuf write(ByteBufAllocator allocator, Destination from, ByteBuf bytes) {
        ByteBuf datagram = allocator.buffer(LONGEST_HEADER + bytes.readableBytes());
        datagram.writeZero(3);
        SocksAddress.write(datagram, from);
        return datagram.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    }
}
