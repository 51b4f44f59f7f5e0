package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Background;
import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.Pattern;
import holdfast.itest.harness.StreamPair;
import holdfast.itest.harness.TestBed;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program sends before it has been told that its connection stands is kept, in order; and so is what a server says before it is spoken to. */
class EarlyDataTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    /** Greeting and CONNECT by name, as bytes. */
    private static byte[] request(int port) {
        byte[] name = "localhost".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer request = ByteBuffer.allocate(3 + 5 + name.length + 2);
        request.put(new byte[] {5, 1, 0, 5, 1, 0, 3, (byte) name.length})
                .put(name)
                .putShort((short) port);
        return request.array();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 20_000, 300_000})
    void bytesRightBehindTheRequestArrive(int bytes) throws Exception {
        byte[] payload = Pattern.bytes(9, bytes);
        try (EchoDestination echo = EchoDestination.start();
                Socket socket = BED.socks().dial()) {
            socket.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(request(echo.port()));
            all.writeBytes(payload);
            Background sending = Background.run(() -> socket.getOutputStream().write(all.toByteArray()));

            readReplies(socket.getInputStream());
            byte[] back = socket.getInputStream().readNBytes(bytes);

            assertThat(back).isEqualTo(payload);
            sending.await(LIMIT);
        }
    }

    @Test
    void aRequestThatComesByteByByteIsUnderstood() throws Exception {
        try (EchoDestination echo = EchoDestination.start();
                Socket socket = BED.socks().dial()) {
            socket.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
            for (byte each : request(echo.port())) {
                socket.getOutputStream().write(each);
            }
            socket.getOutputStream().write(42);

            readReplies(socket.getInputStream());
            assertThat(socket.getInputStream().read()).isEqualTo(42);
        }
    }

    @Test
    void aProgramThatFinishesRightBehindItsRequestGetsItsAnswer() throws Exception {
        try (EchoDestination echo = EchoDestination.start();
                Socket socket = BED.socks().dial()) {
            socket.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(request(echo.port()));
            all.writeBytes("last words".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(all.toByteArray());
            socket.shutdownOutput();

            readReplies(socket.getInputStream());
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("last words");
        }
    }

    @Test
    void aServerMaySpeakFirst() throws Exception {
        try (StreamPair pair = StreamPair.open(BED.socks())) {
            pair.client().setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
            pair.destination().getOutputStream().write("220 ready\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(pair.client().getInputStream().readNBytes(11), StandardCharsets.US_ASCII))
                    .isEqualTo("220 ready\r\n");
        }
    }

    private static void readReplies(InputStream in) throws Exception {
        assertThat(in.readNBytes(2)).containsExactly(5, 0);
        byte[] reply = in.readNBytes(4);
        assertThat(reply).startsWith(new byte[] {5, 0, 0});
        in.readNBytes((reply[3] == 1 ? 4 : 16) + 2);
    }
}
