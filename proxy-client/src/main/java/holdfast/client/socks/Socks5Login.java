package holdfast.client.socks;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** {@code VER | ULEN | UNAME | PLEN | PASSWD} (RFC 1929 section 2). A plain class: a record would print the password. */
final class Socks5Login {
    static final int VERSION = 1;

    private final byte[] user;
    private final byte[] password;

    private Socks5Login(byte[] user, byte[] password) {
        this.user = user;
        this.password = password;
    }

    byte[] user() {
        return user;
    }

    byte[] password() {
        return password;
    }

    /**
     * The login at the reader index, which is moved past it; null, and nothing moved, while it is not complete. Borrows the buffer.
     *
     * @throws SocksException if it is not of version 1
     */
    static @Nullable Socks5Login read(ByteBuf in) throws SocksException {
        int start = in.readerIndex();
        if (in.isReadable() && in.getUnsignedByte(start) != VERSION) {
            throw new SocksException(
                    SocksReply.GENERAL_FAILURE, "login of version " + in.getUnsignedByte(start) + ", not 1");
        }
        if (in.readableBytes() < 2) {
            return null;
        }
        int userLength = in.getUnsignedByte(start + 1);
        if (in.readableBytes() < 3 + userLength) {
            return null;
        }
        int passwordLength = in.getUnsignedByte(start + 2 + userLength);
        if (in.readableBytes() < 3 + userLength + passwordLength) {
            return null;
        }
        byte[] user = new byte[userLength];
        byte[] password = new byte[passwordLength];
        in.skipBytes(2).readBytes(user).skipBytes(1).readBytes(password);
        return new Socks5Login(user, password);
    }
}
