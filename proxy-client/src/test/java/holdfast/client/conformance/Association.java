package holdfast.client.conformance;

import static holdfast.client.conformance.SocksBytes.bytes;
import static holdfast.client.conformance.SocksBytes.join;
import static holdfast.client.conformance.SocksBytes.port;
import static holdfast.client.conformance.SocksBytes.text;

import holdfast.client.fixture.Program;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.HexFormat;

/** A program's UDP association: its TCP connection and a socket of its own. */
final class Association implements AutoCloseable {
    static final byte[] ANYWHERE = bytes(0, 0, 0, 0);

    private static final int PATIENCE_MILLIS = Integer.getInteger("holdfast.patience.millis", 10_000);
    private static final int LOOK_MILLIS = 100;

    private final Program control;
    private final InetSocketAddress relay;
    private final DatagramSocket socket;

    private Association(Program control, InetSocketAddress relay, DatagramSocket socket) {
        this.control = control;
        this.relay = relay;
        this.socket = socket;
    }

    /** One whose program does not say where it will send from. */
    static Association open(Scene scene) throws IOException {
        return open(scene, SocksBytes.request4(3, ANYWHERE, 0), socketAt(SocksBytes.IP4_LOOPBACK));
    }

    /** One that was asked for with this request, and sends from this socket. */
    static Association open(Scene scene, byte[] request, DatagramSocket socket) throws IOException {
        Program control = scene.greeted().says(request);
        byte[] reply = control.read(4);
        if (reply[1] != 0 || reply[3] != 1) {
            throw new AssertionError(
                    "the association was answered with " + HexFormat.of().formatHex(reply));
        }
        InetAddress address = InetAddress.getByAddress(control.read(4));
        byte[] number = control.read(2);
        InetSocketAddress relay = new InetSocketAddress(address, (number[0] & 0xff) << 8 | (number[1] & 0xff));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new Association(control, relay, socket);
    }

    /** A socket that sends from this address, at any port. */
    static DatagramSocket socketAt(byte[] address) throws IOException {
        return new DatagramSocket(new InetSocketAddress(InetAddress.getByAddress(address), 0));
    }

    static byte[] to4(byte[] address, int port, byte[] payload) {
        return join(bytes(0, 0, 0, 1), address, port(port), payload);
    }

    static byte[] to6(byte[] address, int port, byte[] payload) {
        return join(bytes(0, 0, 0, 4), address, port(port), payload);
    }

    static byte[] toName(byte[] name, int port, byte[] payload) {
        return join(bytes(0, 0, 0, 3, name.length), name, port(port), payload);
    }

    InetSocketAddress relay() {
        return relay;
    }

    Program control() {
        return control;
    }

    Association sends(byte[] datagram) throws IOException {
        return sendsFrom(socket, datagram);
    }

    Association sendsFrom(DatagramSocket other, byte[] datagram) throws IOException {
        other.send(new DatagramPacket(datagram, datagram.length, relay));
        return this;
    }

    /** Exactly this datagram comes next. */
    Association hears(byte[] expected) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("waited in vain for a datagram of " + expected.length + " bytes", e);
        }
        byte[] heard = Arrays.copyOf(packet.getData(), packet.getLength());
        if (!Arrays.equals(heard, expected)) {
            throw new AssertionError("expected " + show(expected) + " but heard " + show(heard));
        }
        return this;
    }

    /** Whatever was sent before was dropped: a datagram that is right comes back first. */
    void hearsNothingOf(Scene scene, byte[]... wrong) throws IOException {
        for (byte[] each : wrong) {
            sends(each);
        }
        byte[] right = to4(SocksBytes.IP4_LOOPBACK, scene.echoPort(), text("right"));
        sends(right).hears(right);
    }

    /** The port is closed, after a while. */
    void endsSoon() throws IOException {
        socket.connect(relay);
        socket.setSoTimeout(LOOK_MILLIS);
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (System.nanoTime() < end) {
            try {
                socket.send(new DatagramPacket(new byte[10], 10));
                socket.receive(new DatagramPacket(new byte[10], 10));
            } catch (PortUnreachableException gone) {
                return;
            } catch (SocketTimeoutException stillThere) {
                // Once more.
            }
        }
        throw new AssertionError("port " + relay.getPort() + " is still there");
    }

    @Override
    public void close() throws IOException {
        socket.close();
        control.close();
    }

    private static String show(byte[] bytes) {
        return bytes.length + " bytes " + HexFormat.of().formatHex(bytes, 0, Math.min(64, bytes.length));
    }
}
