package holdfast.server.introduction;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a header of the PROXY protocol, versions 1 and 2 (HAProxy's document proxy-protocol.txt, sections 2.1 and 2.2).
 *
 * @param client where the user's client connects from; null where that is not known
 * @param destination what is connected to
 */
record ProxyHeader(@Nullable InetSocketAddress client, InetSocketAddress destination) {
    /** Type of the field with the channel binding: of the range for own uses. */
    static final int BINDING = 0xe0;

    /** Type of the field with the user's name. */
    static final int USER = 0xe1;

    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final int VERSION_2_PROXY = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int FIELD_HEADER = 3;

    /** Gives ownership. */
    ByteBuf version1() {
        if (client == null) {
            return ascii("PROXY UNKNOWN\r\n");
        }
        boolean is4 = isIp4();
        return ascii("PROXY " + (is4 ? "TCP4 " : "TCP6 ") + text(client.getAddress(), is4) + " "
                + text(destination.getAddress(), is4) + " " + client.getPort() + " " + destination.getPort() + "\r\n");
    }

    /**
     * Gives ownership.
     *
     * @param binding left out where it is null
     */
    ByteBuf version2(String user, byte @Nullable [] binding) {
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        byte[] addresses = addresses();
        int length =
                addresses.length + FIELD_HEADER + name.length + (binding == null ? 0 : FIELD_HEADER + binding.length);
        ByteBuf out = Unpooled.buffer(SIGNATURE.length + 4 + length);
        out.writeBytes(SIGNATURE);
        out.writeByte(VERSION_2_PROXY);
        out.writeByte(client == null ? UNSPECIFIED : isIp4() ? TCP4 : TCP6);
        out.writeShort(length);
        out.writeBytes(addresses);
        field(out, USER, name);
        if (binding != null) {
            field(out, BINDING, binding);
        }
        return out;
    }

    private static void field(ByteBuf out, int type, byte[] value) {
        out.writeByte(type);
        out.writeShort(value.length);
        out.writeBytes(value);
    }

    private byte[] addresses() {
        if (client == null) {
            return new byte[0];
        }
        boolean is4 = isIp4();
        byte[] from = bytes(client.getAddress(), is4);
        byte[] to = bytes(destination.getAddress(), is4);
        ByteBuf out = Unpooled.buffer(from.length + to.length + 4);
        out.writeBytes(from).writeBytes(to).writeShort(client.getPort()).writeShort(destination.getPort());
        byte[] all = new byte[out.readableBytes()];
        out.readBytes(all).release();
        return all;
    }

    /** Both addresses have to be of one family; where they are not, the IPv4 one is written as IPv6 (RFC 4291 section 2.5.5.2). */
    private boolean isIp4() {
        return client != null
                && client.getAddress() instanceof Inet4Address
                && destination.getAddress() instanceof Inet4Address;
    }

    private static byte[] bytes(InetAddress address, boolean as4) {
        byte[] bytes = address.getAddress();
        if (as4 || bytes.length == 16) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, 12, 4);
        return mapped;
    }

    private static String text(InetAddress address, boolean as4) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        String bare = zone < 0 ? text : text.substring(0, zone);
        return as4 || !(address instanceof Inet4Address) ? bare : "::ffff:" + bare;
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
