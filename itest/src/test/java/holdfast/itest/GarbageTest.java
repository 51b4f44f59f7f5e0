package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Background;
import holdfast.itest.harness.PatternClient;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.Scale;
import holdfast.itest.harness.StreamPair;
import holdfast.itest.harness.TestBed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever arrives at a listening port, only the connection it arrived on is closed; the streams of others do not notice. */
class GarbageTest {
    private static final int SENDERS = 8;
    /** Before anybody has logged in, a connection has 10 seconds. */
    private static final int CLOSED_WITHIN_MILLIS = 15_000;

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SPARE_FILES = 8;

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    private final Random random = new Random(Scale.seed("GarbageTest"));
    private PatternDestination destination;
    private PatternClient bystander;
    private long clientFiles;
    private long gatewayFiles;

    @BeforeEach
    void someoneWorks() throws IOException {
        destination = new PatternDestination();
        bystander = new PatternClient(BED.socks().connect(destination.address())).beginEcho();
        bystander.ping(1000);
        clientFiles = BED.client().openFiles();
        gatewayFiles = BED.gateway().openFiles();
    }

    @AfterEach
    void nobodyNoticed() throws Exception {
        bystander.ping(100_000);
        new PatternClient(BED.socks().connect("localhost", destination.address().getPort())).get(100_000);
        bystander.close();
        Await.until(
                "the client has closed its files", LIMIT, () -> BED.client().openFiles() <= clientFiles + SPARE_FILES);
        Await.until(
                "the gateway has closed its files",
                LIMIT,
                () -> BED.gateway().openFiles() <= gatewayFiles + SPARE_FILES);
        destination.close();
        assertThat(destination.accepted()).as("connections that garbage made").isEqualTo(2);
        assertThat(BED.client().log() + BED.gateway().log()).doesNotContainIgnoringCase("exception");
    }

    @Test
    void randomBytesAtTheProxyPort() throws Exception {
        List<byte[]> pieces = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[1 + random.nextInt(i % 10 == 0 ? 100_000 : 300)];
            random.nextBytes(bytes);
            // every third looks like SOCKS4, SOCKS5 or HTTP at its first byte
            if (i % 3 == 0) {
                bytes[0] = new byte[] {4, 5, 'G', 'C'}[random.nextInt(4)];
            }
            pieces.add(bytes);
        }
        sendEach(BED.socksPort(), pieces);
    }

    @Test
    void halfRequestsAtTheProxyPort() throws Exception {
        List<byte[]> pieces = new ArrayList<>();
        for (String text : List.of(
                "\5\1\0\5\1\0\3\tlocalhost\0",
                "\4\1\0P\0\0\0\1me\0localhos",
                "CONNECT localhost:81 HTTP/1.1\r\nHost: localhost:81\r\n")) {
            byte[] request = text.getBytes(StandardCharsets.ISO_8859_1);
            for (int n = 0; n < request.length; n++) {
                pieces.add(Arrays.copyOf(request, n));
            }
        }
        sendEach(BED.socksPort(), pieces);
    }

    @Test
    void whatAWebPageCanSendToTheProxyPort() throws Exception {
        sendEach(
                BED.socksPort(),
                List.of(
                        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n\5\1\0"
                                .getBytes(StandardCharsets.US_ASCII),
                        clientHello()));
    }

    @Test
    void randomBytesAtTheGatewaysPort() throws Exception {
        List<byte[]> pieces = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[1 + random.nextInt(i % 10 == 0 ? 100_000 : 300)];
            random.nextBytes(bytes);
            if (i % 3 == 0) {
                // a TLS handshake record of any length
                bytes[0] = 22;
            }
            pieces.add(bytes);
        }
        sendEach(BED.gatewayPort(), pieces);
    }

    @Test
    void aHandshakeThatEndsAtAnyByte() throws Exception {
        byte[] hello = clientHello();
        List<byte[]> pieces = new ArrayList<>();
        for (int n = 0; n <= hello.length; n++) {
            pieces.add(Arrays.copyOf(hello, n));
        }
        sendEach(BED.gatewayPort(), pieces);
    }

    @Test
    void aHandshakeWithAWrongByteAnywhere() throws Exception {
        byte[] hello = clientHello();
        List<byte[]> pieces = new ArrayList<>();
        for (int n = 0; n < hello.length; n++) {
            byte[] wrong = hello.clone();
            wrong[n] ^= (byte) (1 + random.nextInt(255));
            pieces.add(wrong);
        }
        sendEach(BED.gatewayPort(), pieces);
    }

    @Test
    void aConnectionThatSaysNothingIsClosedInTime() throws Exception {
        byte[] hello = clientHello();
        List<Socket> quiet = new ArrayList<>();
        for (int n : new int[] {0, 1, 5, hello.length / 2, hello.length}) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), BED.gatewayPort());
            socket.getOutputStream().write(hello, 0, n);
            quiet.add(socket);
        }
        for (Socket each : quiet) {
            expectClosed(each);
            each.close();
        }
    }

    /** Sends each piece on a connection of its own, behind it an end or a reset, and sees that the other side closes too. */
    private void sendEach(int port, List<byte[]> pieces) throws Exception {
        AtomicInteger next = new AtomicInteger();
        List<Background> senders = Background.times(SENDERS, () -> {
            for (int i = next.getAndIncrement(); i < pieces.size(); i = next.getAndIncrement()) {
                send(port, pieces.get(i), i % 4 == 3);
            }
        });
        for (Background each : senders) {
            each.await(LIMIT);
        }
    }

    private static void send(int port, byte[] piece, boolean reset) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            try {
                socket.getOutputStream().write(piece);
                if (reset) {
                    StreamPair.reset(socket);
                    return;
                }
                socket.shutdownOutput();
            } catch (SocketException alreadyClosed) {
                return;
            }
            expectClosed(socket);
        }
    }

    private static void expectClosed(Socket socket) throws IOException {
        socket.setSoTimeout(CLOSED_WITHIN_MILLIS);
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            // closed as well
        }
    }

    /** A correct beginning of TLS 1.3, as the JDK makes it. */
    private static byte[] clientHello() throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine("localhost", 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setApplicationProtocols(new String[] {"holdfast/1"});
        engine.setSSLParameters(parameters);
        ByteBuffer packet = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        engine.wrap(ByteBuffer.allocate(0), packet);
        hello.write(packet.array(), 0, packet.position());
        return hello.toByteArray();
    }
}
