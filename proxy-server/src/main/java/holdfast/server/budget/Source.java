package holdfast.server.budget;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;

/**
 * Where a connection comes from, as far as limits tell sources apart: an IPv4 address, or the /64 of an IPv6 address, since whoever has one address
 * of it has them all.
 */
public final class Source {
    private static final int IP6_PREFIX_BYTES = 8;

    private final byte[] prefix;

    private Source(byte[] prefix) {
        this.prefix = prefix;
    }

    /** The source of a peer; anything that is no IP address is one source. */
    public static Source of(SocketAddress peer) {
        InetAddress address = peer instanceof InetSocketAddress ip ? ip.getAddress() : null;
        byte[] bytes = address == null ? new byte[0] : address.getAddress();
        return new Source(bytes.length > IP6_PREFIX_BYTES ? Arrays.copyOf(bytes, IP6_PREFIX_BYTES) : bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Source that && Arrays.equals(prefix, that.prefix);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(prefix);
    }
}
