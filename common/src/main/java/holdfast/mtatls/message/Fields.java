package holdfast.mtatls.message;

import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads and writes the fields that several messages have. */
final class Fields {
    static final long LARGEST_UINT32 = 0xffff_ffffL;
    private static final int LENGTH_BYTES = 2;

    private Fields() {}

    static void header(ByteBuf out, Message message) {
        out.writeByte(message.type()).writeShort(message.size() - Message.HEADER_BYTES);
    }

    static void id(ByteBuf out, ChannelId id) {
        out.writeShort(id.sender()).writeShort(id.receiver());
    }

    static int sizeOf(String text) {
        return LENGTH_BYTES + text.getBytes(StandardCharsets.UTF_8).length;
    }

    static void writeText(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    static void requireUint32(String what, long value) {
        if (value < 0 || value > LARGEST_UINT32) {
            throw new IllegalArgumentException(what + " " + value + " does not fit 4 bytes");
        }
    }

    static int uint16(ByteBuf body, String what) throws ProtocolException {
        require(body, 2, what);
        return body.readUnsignedShort();
    }

    static long uint32(ByteBuf body, String what) throws ProtocolException {
        require(body, 4, what);
        return body.readUnsignedInt();
    }

    static ChannelId id(ByteBuf body) throws ProtocolException {
        require(body, ChannelId.BYTES, "channel_id");
        return new ChannelId(body.readUnsignedShort(), body.readUnsignedShort());
    }

    static String text(ByteBuf body, String what) throws ProtocolException {
        int bytes = uint16(body, what);
        require(body, bytes, what);
        ByteBuffer text = body.nioBuffer(body.readerIndex(), bytes);
        body.skipBytes(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw malformed(what + " is not UTF-8");
        }
    }

    static ProtocolException malformed(String text) {
        return ProtocolException.session(ErrorCode.FRAME_MALFORMED, text);
    }

    private static void require(ByteBuf body, int bytes, String what) throws ProtocolException {
        if (body.readableBytes() < bytes) {
            throw malformed(what + " has " + bytes + " bytes, but the message ends after " + body.readableBytes());
        }
    }
}
