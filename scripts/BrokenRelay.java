import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A TCP relay on this machine that fails when it is told to: what scripts/train-archives loses paths with.
 *
 * <p>Usage: java BrokenRelay.java TARGET-PORT. Listens on a free loopback port, which it prints. The line "stall" on its input lets the connections that are there carry
 * nothing any more, "cut" resets them all; it ends with its input.
 */
final class BrokenRelay {
    private static final List<Carried> CARRIED = new CopyOnWriteArrayList<>();

    private BrokenRelay() {}

    public static void main(String... arguments) throws Exception {
        ServerSocket door = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        start(() -> {
            while (true) {
                Socket client = door.accept();
                Socket target = new Socket(door.getInetAddress(), Integer.parseInt(arguments[0]));
                new Carried(client, target);
                new Carried(target, client);
            }
        });
        System.out.println(door.getLocalPort());
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            for (Carried each : CARRIED) {
                each.stalled = true;
                if (order.equals("cut")) {
                    each.reset();
                }
            }
        }
        System.exit(0);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException ended) {
                // As connections do.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** One direction of a connection. */
    private static final class Carried {
        private final Socket from;
        private final Socket to;
        private volatile boolean stalled;

        Carried(Socket from, Socket to) {
            this.from = from;
            this.to = to;
            CARRIED.add(this);
            start(this::carry);
        }

        private void carry() throws IOException {
            byte[] buffer = new byte[1 << 16];
            for (int count = from.getInputStream().read(buffer); count >= 0; count = from.getInputStream().read(buffer)) {
                if (!stalled) {
                    to.getOutputStream().write(buffer, 0, count);
                }
            }
            to.shutdownOutput();
        }

        void reset() throws IOException {
            CARRIED.remove(this);
            from.setSoLinger(true, 0);
            from.close();
        }
    }
}
