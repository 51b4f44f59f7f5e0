package holdfast.itest.harness;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Answers every datagram with itself, and remembers who asked last. */
public final class UdpEcho implements AutoCloseable {
    private final DatagramSocket socket;
    private final AtomicInteger received = new AtomicInteger();
    private volatile @Nullable SocketAddress lastAsker;

    private UdpEcho(DatagramSocket socket) {
        this.socket = socket;
    }

    /** At a free port of the address with these bytes. */
    public static UdpEcho start(int... address) throws IOException {
        byte[] bytes = new byte[address.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) address[i];
        }
        UdpEcho echo = new UdpEcho(new DatagramSocket(new InetSocketAddress(InetAddress.getByAddress(bytes), 0)));
        Thread thread = new Thread(echo::run, "udp-echo");
        thread.setDaemon(true);
        thread.start();
        return echo;
    }

    private void run() {
        DatagramPacket packet = new DatagramPacket(new byte[65_507], 65_507);
        try {
            while (!socket.isClosed()) {
                packet.setLength(65_507);
                socket.receive(packet);
                lastAsker = packet.getSocketAddress();
                received.incrementAndGet();
                socket.send(packet);
            }
        } catch (IOException closed) {
            return;
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    public int received() {
        return received.get();
    }

    /** From where the last datagram came: the gateway's socket. */
    public SocketAddress lastAsker() {
        SocketAddress asker = lastAsker;
        if (asker == null) {
            throw new IllegalStateException("nobody has asked");
        }
        return asker;
    }

    @Override
    public void close() {
        socket.close();
    }
}
