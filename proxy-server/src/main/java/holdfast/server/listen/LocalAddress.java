package holdfast.server.listen;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;

/** The address of this machine that a peer sees. */
final class LocalAddress {
    /** Addresses of nobody (RFC 5737, RFC 3849): the way to them is the way to everybody. */
    private static final InetAddress SOMEBODY = address(new byte[] {(byte) 198, 51, 100, 1});

    private static final InetAddress SOMEBODY6 =
            address(new byte[] {0x20, 0x01, 0x0d, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

    private static final int ANY_PORT = 9;

    private LocalAddress() {}

    /** From where this machine would talk to the peer; the loopback address if it could not. Nothing is sent for that. */
    static InetAddress towards(InetAddress peer) {
        boolean is6 = peer instanceof Inet6Address;
        InetAddress asked = !peer.isAnyLocalAddress() ? peer : is6 ? SOMEBODY6 : SOMEBODY;
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.connect(new InetSocketAddress(asked, ANY_PORT));
            return ((InetSocketAddress) probe.getLocalAddress()).getAddress();
        } catch (IOException noRoute) {
            return address(
                    is6 ? new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1} : new byte[] {127, 0, 0, 1});
        }
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("these bytes are an address", e);
        }
    }
}
