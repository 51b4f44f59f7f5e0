package holdfast.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.opening.Credentials;
import holdfast.client.opening.DoorPolicy;
import holdfast.client.opening.OpenMode;
import holdfast.testing.FuzzSeeds;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Whatever a program says to the door for HTTP, cut anywhere, and whatever its destination answers: nothing fails but the connection; nobody is connected to whom no
 * request names; the door's pages are for those who name it; every message that is passed on ends where everybody thinks it ends; an answer that is not whole does
 * not end in order; and every buffer is given back.
 *
 * <p>The first byte says how door, gateway and destination behave, the second how long the pieces are. Then program and destination speak in turn, a byte 0x1e
 * between them; who has nothing to say in his turn has ended.
 */
final class HttpDoorFuzzTest {
    private static final int TURN = 0x1e;

    static {
        // Netty's own constants are buffers, too, made when the first message is written.
        try {
            play(
                    "\0\7GET http://a/ HTTP/1.1\r\n\r\n\36HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (Exception e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @ParameterizedTest
    @FuzzSeeds
    void anyTalkEndsAsItShould(byte[] data) throws Exception {
        fuzzerTestOneInput(data);
    }

    /** For {@code scripts/fuzz}. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        if (data.length < 2) {
            return;
        }
        long held = held();
        play(data);
        assertThat(held()).as("bytes of buffers that were not given back").isEqualTo(held);
    }

    private static void play(byte[] data) throws Exception {
        Behaviour behaviour = new Behaviour(data[0] & 0xff);
        int step = 1 + (data[1] & 0xff);
        HttpTalk talk = new HttpTalk(stream -> new HttpSite(behaviour.welcome(), stream));
        if (behaviour.gatewayAnswersWithinTheCall()) {
            talk.gateway().answerWithinTheCall();
        }
        if (behaviour.gatewayIsAway()) {
            talk.gateway().losePath();
        }
        talk.begin(new DoorPolicy(talk.gateway(), behaviour.mode(), behaviour.credentials()));
        boolean program = true;
        int from = 2;
        while (from <= data.length) {
            int to = from;
            while (to < data.length && data[to] != TURN) {
                to++;
            }
            turn(talk, program, behaviour, Arrays.copyOfRange(data, from, to), step);
            program = !program;
            from = to + 1;
        }
        talk.verify();
        talk.end();
    }

    private static void turn(HttpTalk talk, boolean program, Behaviour behaviour, byte[] words, int step) {
        if (words.length == 0 && program) {
            talk.programEnds();
        } else if (words.length == 0) {
            talk.siteEnds(!behaviour.siteBreaksOff());
        }
        for (int at = 0; at < words.length; at += step) {
            byte[] piece = Arrays.copyOfRange(words, at, Math.min(words.length, at + step));
            if (program) {
                talk.programSays(piece);
            } else {
                talk.siteSays(piece);
            }
        }
    }

    /** Bytes of Netty's buffers without a pool: what requests and answers are gathered in. The leak detector looks after the others. */
    private static long held() {
        var metric = UnpooledByteBufAllocator.DEFAULT.metric();
        return metric.usedHeapMemory() + metric.usedDirectMemory();
    }

    private record Behaviour(int bits) {
        OpenMode mode() {
            return (bits & 1) == 0 ? OpenMode.CONFIRM : OpenMode.FAST;
        }

        @Nullable Credentials credentials() {
            return (bits & 2) == 0 ? null : new Credentials("a", "b");
        }

        HttpSite.Welcome welcome() {
            return switch (bits & 0x0c) {
                case 4 -> HttpSite.Welcome.NEVER;
                case 8 -> HttpSite.Welcome.WITH_ITS_FIRST_WORD;
                default -> HttpSite.Welcome.AT_ONCE;
            };
        }

        boolean siteBreaksOff() {
            return (bits & 0x10) != 0;
        }

        boolean gatewayAnswersWithinTheCall() {
            return (bits & 0x20) != 0;
        }

        boolean gatewayIsAway() {
            return (bits & 0xc0) == 0xc0;
        }
    }
}
