package holdfast.client.socks;

import holdfast.protocol.Destination;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Whose datagrams an association takes: those of the program that owns its TCP connection. The address is that of the program's end, or the one it
 * has announced in its request; the port is the announced one, or that of the first datagram from there.
 */
final class ProgramAddress {
    private final InetAddress address;
    private int port;

    private ProgramAddress(InetAddress address, int port) {
        this.address = address;
        this.port = port;
    }

    /**
     * Of a program.
     *
     * @param peer its end of the TCP connection; one that has no address is on this machine
     * @param announced DST.ADDR and DST.PORT of the request; zeros, and a name, which is never resolved here, say nothing
     */
    static ProgramAddress of(SocketAddress peer, Destination announced) {
        boolean says = announced instanceof Destination.Ip ip && !ip.address().isAnyLocalAddress();
        InetAddress from = peer instanceof InetSocketAddress tcp ? tcp.getAddress() : InetAddress.getLoopbackAddress();
        return new ProgramAddress(says ? ((Destination.Ip) announced).address() : from, announced.port());
    }

    /** Whether a datagram from there is the program's. The first one decides which port is. */
    boolean owns(InetSocketAddress sender) {
        if (!address.equals(sender.getAddress())) {
            return false;
        }
        if (port == 0) {
            port = sender.getPort();
        }
        return port == sender.getPort();
    }

    /** Whether it is known where to send answers. */
    boolean isKnown() {
        return port != 0;
    }

    InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(address, port);
    }
}
