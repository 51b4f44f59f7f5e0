package holdfast.mtatls.message;

import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads messages. Remembers nothing: a message is taken when all of it is there. */
public final class MessageDecoder {
    private static final int DATA_LENGTH_BYTES = 4;

    private MessageDecoder() {}

    /**
     * The next message. Borrows {@code in} and moves its reader behind the message; the message owns a copy of its data.
     *
     * @return null as long as a part of the message is missing; at most 64 KiB can be waited for
     * @throws ProtocolException of session scope, where this can be no message, as soon as that is seen
     */
    public static @Nullable Message decode(ByteBuf in) throws ProtocolException {
        if (!in.isReadable()) {
            return null;
        }
        int start = in.readerIndex();
        int type = in.getUnsignedByte(start);
        if (type < ChannelEstablishmentRequest.TYPE || type > Acknowledgment.TYPE) {
            throw Fields.malformed("type " + type + " is none of 1 to 8");
        }
        if (type == MtaTlsPlaintext.TYPE) {
            return data(in, start);
        }
        if (in.readableBytes() < Message.HEADER_BYTES) {
            return null;
        }
        int length = in.getUnsignedShort(start + 1);
        requirePlausible(type, length);
        if (in.readableBytes() < Message.HEADER_BYTES + length) {
            return null;
        }
        in.skipBytes(Message.HEADER_BYTES);
        ByteBuf body = in.readSlice(length);
        Message message = read(type, body);
        if (body.isReadable()) {
            throw Fields.malformed(
                    "type " + type + " with length " + length + " has " + body.readableBytes() + " bytes too many");
        }
        return message;
    }

    /** A wrong length is refused before what it announces is waited for. */
    private static void requirePlausible(int type, int length) throws ProtocolException {
        int fixed = switch (type) {
            case ChannelEstablishmentSuccess.TYPE -> 12;
            case ChannelCloseRequest.TYPE, ChannelCloseConfirmation.TYPE -> 4;
            case NewMaxPacketLength.TYPE, Acknowledgment.TYPE -> 8;
            default -> length;
        };
        if (length != fixed) {
            throw Fields.malformed("type " + type + " has length " + length + ", " + fixed + " is expected");
        }
    }

    private static Message read(int type, ByteBuf body) throws ProtocolException {
        return switch (type) {
            case ChannelEstablishmentRequest.TYPE -> ChannelEstablishmentRequest.read(body);
            case ChannelEstablishmentSuccess.TYPE -> ChannelEstablishmentSuccess.read(body);
            case ChannelRequestEchec.TYPE -> ChannelRequestEchec.read(body);
            case ChannelCloseRequest.TYPE -> ChannelCloseRequest.read(body);
            case ChannelCloseConfirmation.TYPE -> ChannelCloseConfirmation.read(body);
            case NewMaxPacketLength.TYPE -> NewMaxPacketLength.read(body);
            case Acknowledgment.TYPE -> Acknowledgment.read(body);
            default -> throw new IllegalStateException("type " + type);
        };
    }

    private static @Nullable Message data(ByteBuf in, int start) throws ProtocolException {
        if (in.readableBytes() < 1 + DATA_LENGTH_BYTES) {
            return null;
        }
        long length = in.getUnsignedInt(start + 1);
        if (length > MtaTlsPlaintext.MAX_BYTES) {
            throw Fields.malformed(
                    "a data message of " + length + " bytes: at most " + MtaTlsPlaintext.MAX_BYTES + " are allowed");
        }
        if (in.readableBytes() < MtaTlsPlaintext.HEAD_BYTES + length) {
            return null;
        }
        in.skipBytes(1 + DATA_LENGTH_BYTES);
        ChannelId id = Fields.id(in);
        int bytes = (int) length;
        // A copy, because a slice would keep all of the buffer that was read into.
        return new MtaTlsPlaintext(
                id,
                in.alloc().directBuffer(Math.max(1, bytes), Math.max(1, bytes)).writeBytes(in, bytes));
    }
}
