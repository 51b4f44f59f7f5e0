package holdfast.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where a connection was meant to go that the kernel turned to a listener of ours (Linux netfilter, REDIRECT). */
public final class OriginalDestination {
    private static final int SO_ORIGINAL_DST = 80;
    private static final int SOL_IP = 0;
    private static final int SOL_IPV6 = 41;

    /** {@code struct sockaddr_in}: family, port, address, padding. */
    private static final RawUnixChannelOption IP4 =
            new RawUnixChannelOption("IP4_ORIGINAL_DST", SOL_IP, SO_ORIGINAL_DST, 16);

    /** {@code struct sockaddr_in6}: family, port, flow, address, scope. */
    private static final RawUnixChannelOption IP6 =
            new RawUnixChannelOption("IP6_ORIGINAL_DST", SOL_IPV6, SO_ORIGINAL_DST, 28);

    private static final int PORT_AT = 2;
    private static final int IP4_AT = 4;
    private static final int IP6_AT = 8;

    private OriginalDestination() {}

    /** The address that the program connected to; null where nothing was redirected, or the transport cannot tell. */
    public static @Nullable InetSocketAddress of(Channel accepted) {
        if (!(accepted instanceof EpollSocketChannel)
                || !(accepted.remoteAddress() instanceof InetSocketAddress program)) {
            return null;
        }
        try {
            return program.getAddress() instanceof Inet6Address
                    ? read(accepted, IP6, IP6_AT, 16)
                    : read(accepted, IP4, IP4_AT, 4);
        } catch (ChannelException | UnknownHostException none) {
            return null;
        }
    }

    private static InetSocketAddress read(Channel accepted, RawUnixChannelOption option, int at, int length)
            throws UnknownHostException {
        ByteBuffer raw = accepted.config().getOption(option);
        byte[] address = new byte[length];
        raw.get(raw.position() + at, address);
        int port = raw.getShort(raw.position() + PORT_AT) & 0xffff;
        return new InetSocketAddress(InetAddress.getByAddress(address), port);
    }
}
