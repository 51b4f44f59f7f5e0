package holdfast.client.door;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.fixture.Program;
import holdfast.client.fixture.Sites;
import holdfast.client.fixture.TestDoor;
import holdfast.client.opening.OpenMode;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Right beginnings with something wrong in them, from a seed: each closes its own connection, and nothing else happens. */
final class GarbageTest {
    /** More with {@code -Dholdfast.garbage=100000}. */
    private static final int COUNT = Integer.getInteger("holdfast.garbage", 400);

    private static final long SEED = Long.getLong("holdfast.seed", 20_261_121);

    private static final List<byte[]> BEGINNINGS = List.of(
            latin("\5\1\0\5\1\0\1\177\0\0\1\0\7hello"),
            latin("\5\2\0\2\5\1\0\3\11site.test\0\7hello"),
            latin("\5\1\0\5\1\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\7"),
            latin("\5\1\2\1\5alice\6secret\5\1\0\3\11site.test\0\7"),
            latin("\4\1\0\7\177\0\0\1alice\0hello"),
            latin("\4\1\0\7\0\0\0\1alice\0site.test\0hello"),
            latin("CONNECT site.test:7 HTTP/1.1\r\nHost: site.test\r\n\r\nhello"),
            latin("GET http://site.test:7/ HTTP/1.1\r\nHost: site.test\r\nX: y\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
            latin("POST http://site.test:7/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
            latin("POST http://site.test:7/ HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello"),
            latin("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));

    @ParameterizedTest
    @EnumSource(OpenMode.class)
    void whateverComesClosesItsOwnConnectionOnly(OpenMode mode) throws IOException {
        Random random = new Random(SEED);
        try (TestDoor door = TestDoor.open(mode);
                Program bystander = door.program()) {
            door.gateway().site("127.0.0.1:7", Sites.echo()).site("site.test:7", Sites.echo());
            bystander.says(5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 7).read(12);

            for (int i = 0; i < COUNT; i++) {
                byte[] garbage = garbage(random);
                try (Program program = door.program()) {
                    saysAndEnds(program, garbage);
                    program.hearsWhateverComes();
                } catch (IOException | AssertionError e) {
                    throw new AssertionError("seed " + SEED + ", number " + i + ": " + Arrays.toString(garbage), e);
                }
            }

            bystander.says("hello").hears("hello");
        }
    }

    private static void saysAndEnds(Program program, byte[] garbage) throws IOException {
        try {
            program.says(garbage).endsItsHalf();
        } catch (SocketException closedAlready) {
            assertThat(garbage).isNotEmpty(); // the first byte was enough
        }
    }

    private static byte[] garbage(Random random) {
        byte[] bytes = BEGINNINGS.get(random.nextInt(BEGINNINGS.size())).clone();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + random.nextInt(300));
                    System.arraycopy(bytes, at, longer, longer.length - (bytes.length - at), bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
