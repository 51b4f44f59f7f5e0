package holdfast.frame;

import holdfast.protocol.Destination;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The payload of a {@link Datagram} with context 0: a destination (where to, or where from), then the bytes (PROTOCOL.md section 10). */
public final class AddressedDatagram {
    /** The context that says so. */
    public static final long CONTEXT = 0;

    private AddressedDatagram() {}

    /** The payload, gives ownership. Borrows {@code bytes}. */
    public static ByteBuf write(ByteBufAllocator allocator, Destination with, ByteBuf bytes) {
        int length = Fields.destinationLength(with) + bytes.readableBytes();
        ByteBuf payload = allocator.directBuffer(length, length);
        Fields.writeDestination(payload, with);
        return payload.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    }

    /**
     * The destination at the start of a payload; what remains to be read are the bytes. Borrows the payload.
     *
     * @throws ProtocolException where it does not start with one
     */
    public static Destination readAddress(ByteBuf payload) throws ProtocolException {
        return Fields.readDestination(payload);
    }
}
