package holdfast.itest.harness;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** A UDP association of a SOCKS5 client, datagram by datagram (RFC 1928 section 7). */
public final class SocksUdp implements AutoCloseable {
    private static final int LARGEST = 65_507;

    private final Socket control;
    private final DatagramSocket socket;
    private final InetSocketAddress relay;

    private SocksUdp(Socket control, DatagramSocket socket, InetSocketAddress relay) {
        this.control = control;
        this.socket = socket;
        this.relay = relay;
    }

    /**
     * Asks the proxy for an association.
     *
     * @throws Socks.Refused if the proxy says no
     */
    public static SocksUdp open(Socks proxy) throws IOException {
        Socket control = proxy.dial();
        try {
            control.setSoTimeout(60_000);
            control.getOutputStream().write(new byte[] {5, 1, 0, 5, 3, 0, 1, 0, 0, 0, 0, 0, 0});
            DataInputStream in = new DataInputStream(control.getInputStream());
            in.readFully(new byte[2]);
            in.readUnsignedByte();
            int reply = in.readUnsignedByte();
            if (reply != 0) {
                throw new Socks.Refused(reply);
            }
            in.readUnsignedByte();
            byte[] address = in.readNBytes(in.readUnsignedByte() == 1 ? 4 : 16);
            InetSocketAddress relay = new InetSocketAddress(InetAddress.getByAddress(address), in.readUnsignedShort());
            return new SocksUdp(
                    control, new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), relay);
        } catch (IOException failed) {
            control.close();
            throw failed;
        }
    }

    /** Where this client sends its datagrams. */
    public InetSocketAddress relay() {
        return relay;
    }

    /** The TCP connection, whose end is the association's. */
    public Socket control() {
        return control;
    }

    public void send(InetSocketAddress to, byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] address = to.getAddress().getAddress();
        out.writeBytes(new byte[] {0, 0, 0, (byte) (address.length == 4 ? 1 : 4)});
        out.writeBytes(address);
        send(out, to.getPort(), bytes);
    }

    /** By its name: whoever resolves it, it is not us. */
    public void send(String name, int port, byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] host = name.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(new byte[] {0, 0, 0, 3, (byte) host.length});
        out.writeBytes(host);
        send(out, port, bytes);
    }

    private void send(ByteArrayOutputStream header, int port, byte[] bytes) throws IOException {
        header.write(port >>> 8);
        header.write(port);
        header.writeBytes(bytes);
        byte[] whole = header.toByteArray();
        socket.send(new DatagramPacket(whole, whole.length, relay));
    }

    /**
     * The bytes of the next datagram, from whatever address.
     *
     * @throws java.net.SocketTimeoutException if none comes in time
     */
    public byte[] receive(Duration limit) throws IOException {
        socket.setSoTimeout((int) limit.toMillis());
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
        socket.receive(packet);
        byte[] whole = packet.getData();
        int header = switch (whole[3]) {
            case 1 -> 10;
            case 4 -> 22;
            default -> throw new IOException("an answer from an address of type " + whole[3]);
        };
        return Arrays.copyOfRange(whole, header, packet.getLength());
    }

    @Override
    public void close() throws IOException {
        socket.close();
        control.close();
    }
}
