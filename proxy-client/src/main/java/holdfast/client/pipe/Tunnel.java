package holdfast.client.pipe;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.protocol.Destination;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A connection through the running client's front door, asked for with CONNECT, which answers in words where SOCKS has a number. The header
 * {@code Holdfast-Open} asks for the exact answer, whatever {@code --open} the client was started with.
 */
public final class Tunnel {
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final int HEAD_LIMIT = 16 * 1024;
    private static final int TEXT_LIMIT = 4 * 1024;

    private Tunnel() {}

    /**
     * Opens it and waits until the destination is reached.
     *
     * @param door of the running client
     * @throws FatalException 69 if the destination, the gateway or the client is not reached, 77 if the gateway does not allow it
     */
    public static SocketChannel open(SocketAddress door, Destination destination) {
        try {
            SocketChannel socket = connect(door);
            try {
                ask(socket, destination);
                return socket;
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
        } catch (IOException e) {
            throw new FatalException(
                    ExitCode.UNAVAILABLE, "the running client at " + door + " does not serve: " + e.getMessage(), e);
        }
    }

    private static SocketChannel connect(SocketAddress door) throws IOException {
        boolean isUnix = door instanceof UnixDomainSocketAddress;
        SocketChannel socket = isUnix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        try {
            if (!isUnix) {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            socket.connect(door);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void ask(SocketChannel socket, Destination destination) throws IOException {
        String request = "CONNECT " + destination + " HTTP/1.1\r\nHost: " + destination + "\r\nHoldfast-Open: confirm"
                + END_OF_HEAD;
        ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
        String head = head(socket);
        String[] status = head.split("[ \r]", 3);
        if (status.length < 3 || !status[0].startsWith("HTTP/1.")) {
            throw new IOException("it does not answer as a proxy");
        }
        if (!status[1].equals("200")) {
            throw new FatalException(
                    status[1].equals("403") ? ExitCode.REFUSED : ExitCode.UNAVAILABLE,
                    destination + " cannot be reached: " + text(socket));
        }
    }

    /** Byte by byte, because what follows is the destination's. */
    private static String head(SocketChannel socket) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder head = new StringBuilder();
        while (head.length() < HEAD_LIMIT && head.indexOf(END_OF_HEAD, head.length() - END_OF_HEAD.length()) < 0) {
            if (socket.read(one.clear()) < 0) {
                throw new IOException("it closed the connection");
            }
            head.append((char) (one.get(0) & 0xff));
        }
        return head.toString();
    }

    private static String text(SocketChannel socket) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(TEXT_LIMIT);
        while (text.size() < TEXT_LIMIT && socket.read(buffer.clear()) >= 0) {
            text.write(buffer.array(), 0, buffer.position());
        }
        return text.toString(StandardCharsets.UTF_8).strip();
    }
}
