package holdfast.itest.harness;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server that expects a header of the PROXY protocol, version 2, and then lets in who logs in with SCRAM, bound to the connection. */
public final class BoundServer implements AutoCloseable {
    private static final int SIGNATURE = 12;
    private static final int USER = 0xe1;
    private static final int BINDING = 0xe0;

    private final ServerSocket listener;
    private final BlockingQueue<Visit> visits = new LinkedBlockingQueue<>();

    private BoundServer(ServerSocket listener) {
        this.listener = listener;
    }

    /**
     * Who came, and with what success.
     *
     * @param user as the header says
     * @param client the address in the header
     */
    public record Visit(String user, String client, boolean loggedIn) {}

    public static BoundServer start() throws IOException {
        BoundServer server = new BoundServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Daemon.THREADS.execute(server::serve);
        return server;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The next visit that is over. */
    public Visit next() throws InterruptedException {
        Visit visit = visits.poll(30, TimeUnit.SECONDS);
        if (visit == null) {
            throw new AssertionError("nobody came");
        }
        return visit;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void serve() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Daemon.THREADS.execute(() -> visit(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void visit(Socket accepted) {
        try (Socket socket = accepted) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readNBytes(SIGNATURE + 2);
            ByteBuffer body = ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort()));
            byte[] client = new byte[4];
            body.get(client);
            body.position(12);
            Map<Integer, byte[]> fields = new TreeMap<>();
            while (body.hasRemaining()) {
                int type = body.get() & 0xff;
                byte[] value = new byte[body.getShort() & 0xffff];
                body.get(value);
                fields.put(type, value);
            }
            boolean loggedIn = Scram.serve(
                    socket,
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)),
                    fields.getOrDefault(BINDING, new byte[0]));
            visits.add(new Visit(
                    new String(fields.getOrDefault(USER, new byte[0]), StandardCharsets.UTF_8),
                    InetAddress.getByAddress(client).getHostAddress(),
                    loggedIn));
        } catch (Exception ended) {
            // a program that went away
        }
    }
}
