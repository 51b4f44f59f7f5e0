package holdfast.itest.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The small tools report what is there: a test bed that cannot fail proves nothing. */
class ToolboxTest {
    @Test
    void aWrongByteIsFoundWithItsOffset() {
        byte[] bytes = Pattern.bytes(7, 300_000);
        Pattern.check(7, 0, ByteBuffer.wrap(bytes));
        bytes[271_828] ^= 1;

        assertThatThrownBy(() -> Pattern.check(7, 0, ByteBuffer.wrap(bytes)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("271828");
        assertThatThrownBy(() -> Pattern.check(8, 0, ByteBuffer.wrap(bytes))).isInstanceOf(AssertionError.class);
    }

    @Test
    void aDestinationThatGetsAWrongByteSaysSo() throws Exception {
        try (PatternDestination destination = new PatternDestination();
                Socket socket = new Socket(
                        destination.address().getAddress(),
                        destination.address().getPort())) {
            PatternClient upload = new PatternClient(socket);
            upload.beginPut(1000);
            socket.getOutputStream().write(new byte[1000]);

            assertThatThrownBy(upload::expectVerdict).isInstanceOf(EOFException.class);
            assertThatThrownBy(destination::assertNothingWrong).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void aSumIsThatOfSha256sum() throws Exception {
        byte[] bytes = Pattern.bytes(3, 200_000);

        Program.Result result = Program.of("sha256sum")
                .input(new ByteArrayInputStream(bytes))
                .run()
                .ok();

        assertThat(result.output()).startsWith(Sha256.of(Pattern.stream(3, 200_000)));
        assertThat(Sha256.of(new ByteArrayInputStream(bytes))).isEqualTo(Sha256.of(Pattern.stream(3, 200_000)));
    }

    @Test
    void aProgramsResultHoldsCodeAndOutput() throws Exception {
        Program.Result result = Program.of("sh", "-c", "cat; echo oops >&2; exit 3")
                .input(new ByteArrayInputStream("word".getBytes(StandardCharsets.UTF_8)))
                .run();

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.output()).isEqualTo("word");
        assertThat(result.errors()).isEqualTo("oops\n");
        assertThatThrownBy(result::ok).hasMessageContaining("ended with 3").hasMessageContaining("oops");
    }

    @Test
    void aProgramThatTakesTooLongIsEnded() {
        assertThatThrownBy(() -> Program.of("sh", "-c", "echo begun; sleep 100")
                        .limit(Duration.ofMillis(300))
                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("still running")
                .hasMessageContaining("begun");
    }

    @Test
    void jsonIsReadAndEverythingElseRefused() {
        Json json = Json.read(" {\"a\": [1, -2.5e3, {\"b\\u0041\\n\": null}], \"c\": true}\n");

        assertThat(json.get("a").elements().get(0).asLong()).isEqualTo(1);
        assertThat(json.get("a").elements().get(1).asLong()).isEqualTo(-2500);
        assertThat(json.get("a").elements().get(2).get("bA\n")).hasToString("null");
        assertThat(json.get("c")).hasToString("true");
        for (String text : new String[] {"", "{", "[1 2]", "{\"a\"}", "nul", "1 2", "\"a", "[1}"}) {
            assertThatThrownBy(() -> Json.read(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aConditionThatDoesNotHoldFailsWithItsWords() {
        assertThatThrownBy(() -> Await.until("pigs fly", Duration.ofMillis(20), () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("pigs fly");
    }
}
