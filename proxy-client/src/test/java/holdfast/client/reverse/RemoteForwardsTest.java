package holdfast.client.reverse;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.config.ForwardSpec;
import holdfast.client.fixture.MemoryGateway;
import holdfast.client.fixture.MemoryStream;
import holdfast.client.fixture.Sites;
import holdfast.client.fixture.TestDoor;
import holdfast.client.opening.OpenMode;
import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.transport.TransportKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that come to a gateway in memory go on from this machine, to a real server. */
final class RemoteForwardsTest {
    private static final Destination CALLER = Destination.parse("192.0.2.77:4711");

    private final BlockingQueue<MemoryStream> callers = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private TestDoor door = TestDoor.open(OpenMode.CONFIRM, TransportKind.AUTO);
    private ServerSocket server = serverSocket();

    @BeforeEach
    void echo() {
        Thread thread = new Thread(
                () -> {
                    while (!server.isClosed()) {
                        try (Socket accepted = server.accept()) {
                            accepted.getInputStream().transferTo(accepted.getOutputStream());
                        } catch (IOException closed) {
                            return;
                        }
                    }
                },
                "echo");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void close() throws IOException {
        door.close();
        server.close();
    }

    @Test
    void aConnectionGoesOnToItsDestination() throws Exception {
        door.gateway().site("LISTEN 127.0.0.1:8080", Sites.calledBy(CALLER, caller("hello")));
        start("8080:127.0.0.1:" + server.getLocalPort());

        assertThat(heard()).isEqualTo("hello");
        callers.take().ends();
    }

    @Test
    void aNameIsResolvedHere() throws Exception {
        door.gateway().site("LISTEN 127.0.0.1:8080", Sites.calledBy(CALLER, caller("hello")));
        start("8080:localhost:" + server.getLocalPort());

        assertThat(heard()).isEqualTo("hello");
    }

    @Test
    void aDestinationThatRefusesIsToldToTheGateway() throws Exception {
        int unused = server.getLocalPort();
        server.close();
        door.gateway().site("LISTEN 127.0.0.1:8080", Sites.calledBy(CALLER, caller("")));
        start("8080:127.0.0.1:" + unused);

        callers.take().awaitOver();
    }

    @Test
    void aSocksCallerChoosesItsDestination() throws Exception {
        String request = "\u0005\u0001\u0000\u0005\u0001\u0000\u0001\u007f\u0000\u0000\u0001"
                + (char) (server.getLocalPort() >> 8) + (char) (server.getLocalPort() & 0xff) + "hello";
        door.gateway().site("LISTEN 127.0.0.1:1080", Sites.calledBy(CALLER, caller(request)));
        start("1080");

        StringBuilder all = new StringBuilder();
        while (!all.toString().endsWith("hello")) {
            all.append(heard());
        }
        assertThat(all.toString()).startsWith("\u0005\u0000\u0005\u0000\u0000\u0001\u007f\u0000\u0000\u0001");
    }

    @Test
    void aSocks4CallerIsServedToo() throws Exception {
        String request = "\u0004\u0001" + (char) (server.getLocalPort() >> 8) + (char) (server.getLocalPort() & 0xff)
                + "\u0000\u0000\u0000\u0001me\u0000localhost\u0000hello";
        door.gateway().site("LISTEN 127.0.0.1:1080", Sites.calledBy(CALLER, caller(request)));
        start("1080");

        StringBuilder all = new StringBuilder();
        while (!all.toString().endsWith("hello")) {
            all.append(heard());
        }
        assertThat(all.toString()).startsWith("\u0000Z");
    }

    @Test
    void whatIsNoSocksEnds() throws Exception {
        door.gateway().site("LISTEN 127.0.0.1:1080", Sites.calledBy(CALLER, caller("GET / HTTP/1.1\r\n\r\n")));
        start("1080");

        assertThat(heard()).isEqualTo("\u0005\u00ff");
    }

    @Test
    void aListenerThatIsRefusedOrLostIsAskedForAgain() throws Exception {
        MemoryGateway gateway = door.gateway();
        gateway.site("LISTEN 127.0.0.1:8080", Sites.rejecting(ErrorCode.NOT_ALLOWED));
        start("8080:127.0.0.1:" + server.getLocalPort());
        gateway.awaitStream();
        gateway.awaitStream();
        gateway.site("LISTEN 127.0.0.1:8080", Sites.accepting());
        MemoryStream listener = gateway.awaitStream();
        listener.atTheSite(() -> listener.breakOff(ErrorCode.SESSION_GONE));

        gateway.site("LISTEN 127.0.0.1:8080", Sites.calledBy(CALLER, caller("back again")));

        assertThat(heard()).isEqualTo("back again");
    }

    private void start(String forward) {
        new RemoteForwards(
                        List.of(ForwardSpec.remote(forward)),
                        door.gateway(),
                        door.loops(),
                        door.loops().next(),
                        command -> new Thread(command, "names").start())
                .start();
    }

    /** Says something once it is connected, and tells what it hears. */
    private MemoryStream.Site caller(String text) {
        return new MemoryStream.Site() {
            @Override
            public void opened(MemoryStream stream) {
                callers.add(stream);
                if (!text.isEmpty()) {
                    stream.say(text);
                }
            }

            @Override
            public void heard(MemoryStream stream, byte[] bytes) {
                heard.add(new String(bytes, StandardCharsets.ISO_8859_1));
            }
        };
    }

    private String heard() throws InterruptedException {
        String next = heard.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("the caller hears nothing");
        }
        return next;
    }

    private static ServerSocket serverSocket() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
