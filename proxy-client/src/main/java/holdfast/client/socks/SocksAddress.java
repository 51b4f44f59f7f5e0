package holdfast.client.socks;

import holdfast.client.opening.Destinations;
import holdfast.protocol.Destination;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code ATYP | ADDR | PORT}, which SOCKS5 uses in requests, replies and the header of datagrams (RFC 1928 sections 4 to 7). */
final class SocksAddress {
    private static final int IP4 = 1;
    private static final int NAME = 3;
    private static final int IP6 = 4;

    private SocksAddress() {}

    /**
     * The address that begins at the reader index, which is moved past it; null, and nothing moved, while it is not complete. Borrows the buffer.
     *
     * @throws SocksException if the type is not known, or the name cannot be one
     */
    static @Nullable Destination read(ByteBuf in) throws SocksException {
        if (!in.isReadable()) {
            return null;
        }
        int start = in.readerIndex();
        int type = in.getUnsignedByte(start);
        int skip = type == NAME ? 2 : 1;
        if (in.readableBytes() < skip) {
            return null;
        }
        int length = switch (type) {
            case IP4 -> 4;
            case IP6 -> 16;
            case NAME -> in.getUnsignedByte(start + 1);
            default ->
                throw new SocksException(
                        SocksReply.ADDRESS_TYPE_NOT_SUPPORTED, "address type " + type + " is not 1, 3 or 4");
        };
        if (in.readableBytes() < skip + length + 2) {
            return null;
        }
        byte[] address = new byte[length];
        in.skipBytes(skip).readBytes(address);
        int port = in.readUnsignedShort();
        return type == NAME ? named(address, port) : Destinations.ip(address, port);
    }

    /** Appends an address. One that is not known, or has no form in SOCKS, is 0.0.0.0:0. Borrows the buffer. */
    static void write(ByteBuf out, @Nullable Destination address) {
        if (address instanceof Destination.Ip ip) {
            byte[] bytes = ip.address().getAddress();
            out.writeByte(bytes.length == 4 ? IP4 : IP6).writeBytes(bytes).writeShort(ip.port());
        } else if (address instanceof Destination.Name name) {
            byte[] bytes = name.host().getBytes(StandardCharsets.UTF_8);
            out.writeByte(NAME).writeByte(bytes.length).writeBytes(bytes).writeShort(name.port());
        } else {
            out.writeByte(IP4).writeInt(0).writeShort(0);
        }
    }

    /**
     * The destination with a name as it came from the program.
     *
     * @throws SocksException if it is empty, not UTF-8, or has control characters
     */
    static Destination named(byte[] name, int port) throws SocksException {
        try {
            String host = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
            return Destinations.of(host, port);
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw new SocksException(SocksReply.GENERAL_FAILURE, "a name of " + name.length + " bytes that is not one");
        }
    }
}
