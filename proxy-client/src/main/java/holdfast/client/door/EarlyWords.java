package holdfast.client.door;

import io.netty.buffer.ByteBuf;

/** What a program may say before it is known who runs it: a SOCKS5 greeting, then a request to connect, each alone and whole (RFC 1928 sections 3 and 4). */
final class EarlyWords {
    private static final int VERSION = 5;
    private static final int CONNECT = 1;
    private static final int GREETING_HEAD = 2;
    private static final int REQUEST_HEAD = 5;
    private static final int PORT = 2;

    private EarlyWords() {}

    /**
     * Whether this may pass.
     *
     * @param bytes borrowed, as they came from the socket
     * @param before how much has passed before it
     */
    static boolean mayPass(ByteBuf bytes, int before) {
        return switch (before) {
            case 0 -> isGreeting(bytes);
            case 1 -> isConnect(bytes);
            default -> false;
        };
    }

    private static boolean isGreeting(ByteBuf bytes) {
        int at = bytes.readerIndex();
        return bytes.readableBytes() > GREETING_HEAD
                && bytes.getByte(at) == VERSION
                && bytes.readableBytes() == GREETING_HEAD + bytes.getUnsignedByte(at + 1);
    }

    private static boolean isConnect(ByteBuf bytes) {
        int at = bytes.readerIndex();
        if (bytes.readableBytes() < REQUEST_HEAD || bytes.getByte(at) != VERSION || bytes.getByte(at + 1) != CONNECT) {
            return false;
        }
        int host = switch (bytes.getByte(at + 3)) {
            case 1 -> 3;
            case 3 -> bytes.getUnsignedByte(at + 4);
            case 4 -> 15;
            default -> -REQUEST_HEAD;
        };
        return bytes.readableBytes() == REQUEST_HEAD + host + PORT;
    }
}
