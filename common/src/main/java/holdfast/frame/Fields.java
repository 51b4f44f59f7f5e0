package holdfast.frame;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The field encodings that several frames share: text, lists of text, byte strings, destinations. All borrow their buffer. */
final class Fields {
    /** The longest explanatory text, in bytes of UTF-8; longer ones are cut by the sender. */
    static final int MAX_TEXT = 512;

    /** The longest list in a frame. */
    static final int MAX_LIST = 256;

    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int UNIX = 5;

    private Fields() {}

    static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_TEXT ? bytes : cut(text);
    }

    /** Cuts at a character, never inside one. */
    private static byte[] cut(String text) {
        int end = Math.min(text.length(), MAX_TEXT);
        while (text.substring(0, end).getBytes(StandardCharsets.UTF_8).length > MAX_TEXT) {
            end--;
        }
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end).getBytes(StandardCharsets.UTF_8);
    }

    static int textLength(String text) {
        int length = utf8(text).length;
        return VarInt.length(length) + length;
    }

    static void writeText(ByteBuf out, String text) {
        byte[] bytes = utf8(text);
        VarInt.write(out, bytes.length);
        out.writeBytes(bytes);
    }

    static String readText(ByteBuf in) throws ProtocolException {
        return decode(readBytes(in, readLength(in, MAX_TEXT, "text")));
    }

    static int textsLength(List<String> texts) {
        int length = VarInt.length(texts.size());
        for (String each : texts) {
            length += textLength(each);
        }
        return length;
    }

    static void writeTexts(ByteBuf out, List<String> texts) {
        VarInt.write(out, texts.size());
        for (String each : texts) {
            writeText(out, each);
        }
    }

    static List<String> readTexts(ByteBuf in) throws ProtocolException {
        int count = readLength(in, MAX_LIST, "list");
        List<String> texts = new ArrayList<>(Math.min(count, 16));
        for (int i = 0; i < count; i++) {
            texts.add(readText(in));
        }
        return List.copyOf(texts);
    }

    /** A length or count that must not exceed {@code max}. */
    static int readLength(ByteBuf in, int max, String what) throws ProtocolException {
        long length = VarInt.read(in);
        if (length > max) {
            throw malformed(what + " of " + length + ": at most " + max + " is allowed");
        }
        return (int) length;
    }

    static byte[] readBytes(ByteBuf in, int length) throws ProtocolException {
        requireReadable(in, length);
        return ByteBufUtil.getBytes(in.readSlice(length));
    }

    static void requireReadable(ByteBuf in, int length) throws ProtocolException {
        if (in.readableBytes() < length) {
            throw malformed("frame body ends " + (length - in.readableBytes()) + " bytes too early");
        }
    }

    static ProtocolException malformed(String message) {
        return ProtocolException.session(ErrorCode.FRAME_MALFORMED, message);
    }

    static int destinationLength(Destination destination) {
        if (destination instanceof Destination.Ip ip) {
            return 1 + ip.address().getAddress().length + 2;
        }
        String text = text(destination);
        return 1 + 1 + text.getBytes(StandardCharsets.UTF_8).length + 2;
    }

    /** {@code u8 type | address | u16 port}, with the type bytes of RFC 1928 section 5 and 5 for a Unix-domain path. */
    static void writeDestination(ByteBuf out, Destination destination) {
        if (destination instanceof Destination.Ip ip) {
            byte[] address = ip.address().getAddress();
            out.writeByte(address.length == 4 ? IPV4 : IPV6);
            out.writeBytes(address);
        } else {
            byte[] text = text(destination).getBytes(StandardCharsets.UTF_8);
            out.writeByte(destination instanceof Destination.Name ? NAME : UNIX);
            out.writeByte(text.length);
            out.writeBytes(text);
        }
        out.writeShort(destination.port());
    }

    static Destination readDestination(ByteBuf in) throws ProtocolException {
        requireReadable(in, 1);
        int type = in.readUnsignedByte();
        try {
            return switch (type) {
                case IPV4 -> new Destination.Ip(InetAddress.getByAddress(readBytes(in, 4)), readPort(in));
                case IPV6 -> new Destination.Ip(InetAddress.getByAddress(readBytes(in, 16)), readPort(in));
                case NAME -> new Destination.Name(readShortText(in), readPort(in));
                case UNIX -> {
                    Destination.Unix unix = new Destination.Unix(readShortText(in));
                    readPort(in);
                    yield unix;
                }
                default -> throw malformed("address type " + type + " is not 1, 3, 4 or 5");
            };
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw malformed("destination: " + e.getMessage());
        }
    }

    private static String text(Destination destination) {
        if (destination instanceof Destination.Name name) {
            return name.host();
        }
        return ((Destination.Unix) destination).path();
    }

    private static String readShortText(ByteBuf in) throws ProtocolException {
        requireReadable(in, 1);
        return decode(readBytes(in, in.readUnsignedByte()));
    }

    private static int readPort(ByteBuf in) throws ProtocolException {
        requireReadable(in, 2);
        return in.readUnsignedShort();
    }

    private static String decode(byte[] bytes) throws ProtocolException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("text is not UTF-8");
        }
    }
}
