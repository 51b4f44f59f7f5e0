package holdfast.itest.harness;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A SOCKS5 client that shows everything: plain sockets, one CONNECT at a time (RFC 1928 sections 3 to 6). */
public final class Socks {
    private static final int VERSION = 5;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int REPLY_LIMIT_MILLIS = 60_000;

    private final int port;

    /** @param port where the proxy listens on the loopback address */
    public Socks(int port) {
        this.port = port;
    }

    /** The proxy answered a request with a reply code other than 0. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final int reply;

        Refused(int reply) {
            super("SOCKS reply " + reply);
            this.reply = reply;
        }

        /** The reply code of RFC 1928 section 6. */
        public int reply() {
            return reply;
        }
    }

    /**
     * A socket that is connected to the destination, by its name: whoever resolves it, it is not us.
     *
     * @throws Refused if the proxy says no
     */
    public Socket connect(String name, int destinationPort) throws IOException {
        byte[] host = name.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream address = new ByteArrayOutputStream();
        address.write(NAME);
        address.write(host.length);
        address.writeBytes(host);
        return connect(address.toByteArray(), destinationPort);
    }

    /**
     * A socket that is connected to the destination, by its address.
     *
     * @throws Refused if the proxy says no
     */
    public Socket connect(InetSocketAddress destination) throws IOException {
        byte[] host = destination.getAddress().getAddress();
        ByteArrayOutputStream address = new ByteArrayOutputStream();
        address.write(host.length == 4 ? IPV4 : IPV6);
        address.writeBytes(host);
        return connect(address.toByteArray(), destination.getPort());
    }

    /** A socket to the proxy on which nothing was said yet. */
    public Socket dial() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private Socket connect(byte[] address, int destinationPort) throws IOException {
        Socket socket = dial();
        try {
            socket.setSoTimeout(REPLY_LIMIT_MILLIS);
            socket.getOutputStream().write(new byte[] {VERSION, 1, 0});
            DataInputStream in = new DataInputStream(socket.getInputStream());
            if (in.readUnsignedByte() != VERSION || in.readUnsignedByte() != 0) {
                throw new IOException("the proxy wants another way of authentication");
            }
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(new byte[] {VERSION, CONNECT, 0});
            request.writeBytes(address);
            request.write(destinationPort >>> 8);
            request.write(destinationPort);
            socket.getOutputStream().write(request.toByteArray());
            readReply(in);
            socket.setSoTimeout(0);
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    private static void readReply(DataInputStream in) throws IOException {
        in.readUnsignedByte();
        int reply = in.readUnsignedByte();
        in.readUnsignedByte();
        int bound = switch (in.readUnsignedByte()) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            case NAME -> in.readUnsignedByte();
            default -> throw new IOException("an address type that RFC 1928 does not know");
        };
        in.readNBytes(bound + 2);
        if (reply != 0) {
            throw new Refused(reply);
        }
    }
}
