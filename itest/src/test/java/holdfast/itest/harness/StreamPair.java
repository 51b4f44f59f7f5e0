package holdfast.itest.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Both outer sockets of one stream: the one of the program and the one of its destination. */
public final class StreamPair implements AutoCloseable {
    private static final int ACCEPT_LIMIT_MILLIS = 20_000;

    private final Socket client;
    private final Socket destination;

    private StreamPair(Socket client, Socket destination) {
        this.client = client;
        this.destination = destination;
    }

    /** Opens a stream through the proxy to a listener that takes just this one connection. */
    public static StreamPair open(Socks proxy) throws IOException {
        try (ServerSocket listener = new ServerSocket(Ports.free(), 1, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(ACCEPT_LIMIT_MILLIS);
            Socket client = proxy.connect((InetSocketAddress) listener.getLocalSocketAddress());
            Socket destination = listener.accept();
            destination.setTcpNoDelay(true);
            return new StreamPair(client, destination);
        }
    }

    /** The program's end. */
    public Socket client() {
        return client;
    }

    /** The destination's end. */
    public Socket destination() {
        return destination;
    }

    /** Closes a socket by RST. */
    public static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        client.close();
        destination.close();
    }
}
