package holdfast.client.conformance;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Echoes at one port of 127.0.0.1 and ::1, by TCP, where it ends when the other end does, and by UDP. Beside it there is a port that was free a moment ago. */
final class EchoServer implements AutoCloseable {
    private static final int TRIES = 20;

    private final List<ServerSocket> listeners = new ArrayList<>();
    private final List<DatagramSocket> datagrams = new ArrayList<>();
    private final int refusedPort;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "echo");
        thread.setDaemon(true);
        return thread;
    });

    private EchoServer(ServerSocket ip4, ServerSocket ip6) throws IOException {
        listeners.add(ip4);
        listeners.add(ip6);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByAddress(SocksBytes.IP4_LOOPBACK))) {
            refusedPort = free.getLocalPort();
        }
        listeners.forEach(each -> threads.execute(() -> accept(each)));
        for (ServerSocket each : listeners) {
            datagrams.add(new DatagramSocket(new InetSocketAddress(each.getInetAddress(), each.getLocalPort())));
        }
        datagrams.forEach(each -> threads.execute(() -> echo(each)));
    }

    static EchoServer start() throws IOException {
        for (int i = 0; ; i++) {
            ServerSocket ip4 = new ServerSocket(0, 100, InetAddress.getByAddress(SocksBytes.IP4_LOOPBACK));
            try {
                return new EchoServer(
                        ip4,
                        new ServerSocket(ip4.getLocalPort(), 100, InetAddress.getByAddress(SocksBytes.IP6_LOOPBACK)));
            } catch (BindException e) {
                ip4.close();
                if (i == TRIES) {
                    throw e;
                }
            }
        }
    }

    int port() {
        return listeners.get(0).getLocalPort();
    }

    int refusedPort() {
        return refusedPort;
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket each : listeners) {
            each.close();
        }
        datagrams.forEach(DatagramSocket::close);
        threads.shutdownNow();
    }

    private void accept(ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                Socket accepted = listener.accept();
                threads.execute(() -> echo(accepted));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void echo(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        try {
            while (!socket.isClosed()) {
                packet.setLength(65_535);
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (IOException closed) {
            return;
        }
    }

    private static void echo(Socket accepted) {
        try (accepted) {
            accepted.getInputStream().transferTo(accepted.getOutputStream());
            accepted.shutdownOutput();
        } catch (IOException gone) {
            return; // as happens to echoes
        }
    }
}
