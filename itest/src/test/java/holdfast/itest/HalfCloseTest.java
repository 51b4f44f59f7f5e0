package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Background;
import holdfast.itest.harness.Pattern;
import holdfast.itest.harness.StreamPair;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each direction of a stream ends on its own, in order behind its last byte; and what ended by a reset never looks as if it ended in order. */
class HalfCloseTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int[] SIZES = {0, 1, 20_000, 1_000_000};
    private static final long UP = 3;
    private static final long DOWN = 4;

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    /** Who ends its direction when. */
    enum Order {
        CLIENT_FIRST {
            @Override
            void play(StreamPair pair, byte[] up, byte[] down) throws Exception {
                send(pair.client(), up);
                pair.client().shutdownOutput();
                expectAll(pair.destination(), up);
                send(pair.destination(), down);
                pair.destination().shutdownOutput();
                expectAll(pair.client(), down);
            }
        },
        DESTINATION_FIRST {
            @Override
            void play(StreamPair pair, byte[] up, byte[] down) throws Exception {
                send(pair.destination(), down);
                pair.destination().shutdownOutput();
                expectAll(pair.client(), down);
                send(pair.client(), up);
                pair.client().shutdownOutput();
                expectAll(pair.destination(), up);
            }
        },
        BOTH_AT_ONCE {
            @Override
            void play(StreamPair pair, byte[] up, byte[] down) throws Exception {
                Background sending = Background.run(() -> {
                    send(pair.destination(), down);
                    pair.destination().shutdownOutput();
                });
                Background receiving = Background.run(() -> expectAll(pair.destination(), up));
                Background reading = Background.run(() -> expectAll(pair.client(), down));
                send(pair.client(), up);
                pair.client().shutdownOutput();
                for (Background each : new Background[] {sending, receiving, reading}) {
                    each.await(LIMIT);
                }
            }
        },
        DESTINATION_IN_THE_MIDDLE {
            @Override
            void play(StreamPair pair, byte[] up, byte[] down) throws Exception {
                int middle = up.length / 2;
                send(pair.client(), Arrays.copyOf(up, middle));
                expectSome(pair.destination(), Arrays.copyOf(up, middle));
                send(pair.destination(), down);
                pair.destination().shutdownOutput();
                expectAll(pair.client(), down);
                send(pair.client(), Arrays.copyOfRange(up, middle, up.length));
                pair.client().shutdownOutput();
                expectAll(pair.destination(), Arrays.copyOfRange(up, middle, up.length));
            }
        };

        abstract void play(StreamPair pair, byte[] up, byte[] down) throws Exception;
    }

    static Stream<Arguments> cases() {
        return Stream.of(Order.values())
                .flatMap(order -> IntStream.of(SIZES)
                        .boxed()
                        .flatMap(up -> IntStream.of(SIZES).mapToObj(down -> Arguments.of(order, up, down))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bothEndsAreExact(Order order, int upBytes, int downBytes) throws Exception {
        byte[] up = Pattern.bytes(UP, upBytes);
        byte[] down = Pattern.bytes(DOWN, downBytes);
        try (StreamPair pair = StreamPair.open(BED.socks())) {
            Background play = Background.run(() -> order.play(pair, up, down));
            play.await(LIMIT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20_000, 1_000_000})
    void aResetByTheProgramIsAResetAtTheDestination(int bytes) throws Exception {
        byte[] up = Pattern.bytes(UP, bytes);
        try (StreamPair pair = StreamPair.open(BED.socks())) {
            send(pair.client(), up);
            StreamPair.reset(pair.client());

            expectReset(pair.destination(), up);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20_000, 1_000_000})
    void aResetByTheDestinationIsAResetAtTheProgram(int bytes) throws Exception {
        byte[] down = Pattern.bytes(DOWN, bytes);
        try (StreamPair pair = StreamPair.open(BED.socks())) {
            send(pair.destination(), down);
            StreamPair.reset(pair.destination());

            expectReset(pair.client(), down);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20_000})
    void aResetAfterTheOtherSideHasFinishedIsStillSeen(int bytes) throws Exception {
        byte[] up = Pattern.bytes(UP, bytes);
        try (StreamPair pair = StreamPair.open(BED.socks())) {
            send(pair.client(), up);
            pair.client().shutdownOutput();
            expectAll(pair.destination(), up);
            StreamPair.reset(pair.destination());

            expectReset(pair.client(), new byte[0]);
        }
        try (StreamPair pair = StreamPair.open(BED.socks())) {
            send(pair.destination(), up);
            pair.destination().shutdownOutput();
            expectAll(pair.client(), up);
            StreamPair.reset(pair.client());

            expectReset(pair.destination(), new byte[0]);
        }
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    private static void expectSome(Socket socket, byte[] expected) throws IOException {
        byte[] got = socket.getInputStream().readNBytes(expected.length);
        assertThat(Arrays.mismatch(got, expected)).as("the first wrong byte").isEqualTo(-1);
    }

    private static void expectAll(Socket socket, byte[] expected) throws IOException {
        byte[] got = socket.getInputStream().readAllBytes();
        assertThat(got).hasSameSizeAs(expected);
        assertThat(Arrays.mismatch(got, expected)).as("the first wrong byte").isEqualTo(-1);
    }

    /** Nothing but the beginning of what was sent, and behind it a reset. */
    private static void expectReset(Socket socket, byte[] sent) throws IOException {
        socket.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
        InputStream in = socket.getInputStream();
        byte[] got = new byte[sent.length + 1];
        int done = 0;
        try {
            for (int size = in.read(got, done, got.length - done);
                    size >= 0;
                    size = in.read(got, done, got.length - done)) {
                done += size;
                assertThat(done).isLessThanOrEqualTo(sent.length);
            }
        } catch (SocketException reset) {
            assertThat(Arrays.mismatch(Arrays.copyOf(got, done), Arrays.copyOf(sent, done)))
                    .as("the first wrong byte")
                    .isEqualTo(-1);
            return;
        }
        throw new AssertionError("a clean end after " + done + " of " + sent.length + " bytes that ended by a reset");
    }
}
