package holdfast.itest.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A page whose script fetches a number of parts and then opens a WebSocket, which greets. The page shows what came of it. */
public final class PageServer implements AutoCloseable {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int PART_BYTES = 5_000;
    private static final int GREETING_LIMIT_SECONDS = 20;

    private final String name;
    private final int parts;
    private final HttpServer server;
    private final ServerSocket webSocket;
    private final CountDownLatch greeted = new CountDownLatch(1);
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    private PageServer(InetAddress here, String name, int parts) throws IOException {
        this.name = name;
        this.parts = parts;
        server = HttpServer.create(new InetSocketAddress(here, Ports.free()), 200);
        server.setExecutor(Daemon.THREADS);
        server.createContext("/", this::page);
        server.createContext("/part/", this::part);
        server.createContext("/heard", this::heard);
        webSocket = new ServerSocket(Ports.free(), 10, here);
        Daemon.THREADS.execute(this::greetAll);
        server.start();
    }

    /**
     * Listens.
     *
     * @param name what the page's script calls this server
     */
    public static PageServer start(InetAddress here, String name, int parts) throws IOException {
        return new PageServer(here, name, parts);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** How many different parts were asked for. */
    public int partsAsked() {
        return asked.size();
    }

    private void page(HttpExchange exchange) throws IOException {
        send(exchange, """
                <!doctype html><title>parts</title><p id=parts>loading</p><p id=socket>-</p><img src=/heard>
                <script>
                (async () => {
                    const parts = await Promise.all([...Array(%d).keys()].map(i => fetch('/part/' + i).then(r => r.text())));
                    const whole = parts.filter(text => text.length === %d).length;
                    document.getElementById('parts').textContent = 'loaded ' + whole;
                    const socket = new WebSocket('ws://%s:%d/');
                    socket.onmessage = event => {
                        document.getElementById('socket').textContent = 'socket says ' + event.data;
                        socket.send('heard');
                    };
                })();
                </script>
                """.formatted(parts, PART_BYTES, name, webSocket.getLocalPort()));
    }

    private void part(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getPath());
        send(exchange, "x".repeat(PART_BYTES));
    }

    /** An image, so that the page is loaded only when the greeting has been shown, or never will be: what a headless browser waits for. */
    private void heard(HttpExchange exchange) throws IOException {
        try {
            greeted.await(GREETING_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        send(exchange, "");
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private void greetAll() {
        while (!webSocket.isClosed()) {
            try {
                Socket accepted = webSocket.accept();
                Daemon.THREADS.execute(() -> greet(accepted));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** The handshake of RFC 6455 section 4.2 and one text frame. */
    private void greet(Socket accepted) {
        try (Socket socket = accepted) {
            String head = head(socket.getInputStream());
            String key = head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseThrow();
            byte[] sum = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                                    + Base64.getEncoder().encodeToString(sum) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[] {(byte) 0x81, 5, 'h', 'e', 'l', 'l', 'o'});
            out.flush();
            socket.getInputStream().read();
            greeted.countDown();
            // Until the page is gone.
            socket.getInputStream().readAllBytes();
        } catch (Exception gone) {
            // A browser that leaves.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
        webSocket.close();
    }
}
