package holdfast.itest.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;

/** Asks a running client for channel bindings, from this process, as a program that has been taught to does. */
public final class Bindings {
    private Bindings() {}

    /** The binding of a connection of this process. */
    public static byte[] of(Path clientHome, Socket connection) throws Exception {
        return HexFormat.of()
                .parseHex(ask(clientHome, local(connection))
                        .substring("ok\n".length())
                        .strip());
    }

    /** What the client answers. */
    public static String ask(Path clientHome, String question) throws Exception {
        try (SocketChannel channel = open(clientHome.resolve("binding.sock"))) {
            channel.write(ByteBuffer.wrap((question + "\n").getBytes(StandardCharsets.UTF_8)));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(1024);
            while (channel.read(buffer) >= 0) {
                answer.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    /** This process's end of a connection, HOST:PORT. */
    public static String local(Socket connection) {
        InetSocketAddress local = (InetSocketAddress) connection.getLocalSocketAddress();
        return local.getAddress().getHostAddress() + ":" + local.getPort();
    }

    /** It opens behind the ready line. */
    private static SocketChannel open(Path door) throws Exception {
        SocketChannel[] open = new SocketChannel[1];
        Await.until(door + " is open", Duration.ofSeconds(30), () -> {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(door));
                open[0] = channel;
                return true;
            } catch (IOException notYet) {
                channel.close();
                return false;
            }
        });
        return open[0];
    }
}
