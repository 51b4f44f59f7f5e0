package holdfast.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** A datagram without bytes, which UDP has (RFC 768) and Netty takes for nothing to send: it goes past Netty. */
public final class EmptyDatagram {
    /** The native call wants memory, also for nothing. Never written. */
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocateDirect(1);

    private static final AttributeKey<DatagramChannel> RAW = AttributeKey.valueOf(EmptyDatagram.class, "raw");

    private EmptyDatagram() {}

    /** A socket of the JDK for Netty that remembers what is below it. */
    static NioDatagramChannel nioSocket() {
        try {
            DatagramChannel raw = DatagramChannel.open();
            NioDatagramChannel socket = new NioDatagramChannel(raw);
            socket.attr(RAW).set(raw);
            return socket;
        } catch (IOException e) {
            throw new ChannelException("no socket for datagrams", e);
        }
    }

    /**
     * Sends one now, before datagrams that wait in the socket; datagrams have no order.
     *
     * @param socket of the class that {@link SocketClasses} names; called on its event loop
     * @throws IOException if it could not be sent
     */
    public static void send(Channel socket, InetSocketAddress to) throws IOException {
        if (socket instanceof UnixChannel unix) {
            new Socket(unix.fd().intValue()).sendTo(NO_BYTES, 0, 0, to.getAddress(), to.getPort());
        } else {
            socket.attr(RAW).get().send(ByteBuffer.allocate(0), to);
        }
    }
}
