package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Background;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.StreamPair;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whichever program dies, and at whatever point of the protocol, as by {@code kill -9}: every socket that depended on it is reset, never ended as if it
 * were complete, and everything is usable again as soon as it is back.
 */
class DeathAtAnyPointTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestBed BED = TestBed.plain().over(2, 1);

    private static Map<String, String> dyingAt(String point) {
        return Map.of("HOLDFAST_TEST_FAULTS", "1", "HOLDFAST_JAVA_OPTS", "-Dholdfast.fault=" + point);
    }

    /** A path that breaks makes the client join with another one, which is what some points wait for. */
    private static boolean isAlive(Daemon program, String point) {
        if (program.isAlive() && point.contains("JOIN")) {
            BED.link().cut();
        }
        return program.isAlive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection",
                "tls-done",
                "received-HELLO",
                "polled-HELLO_OK",
                "sent-HELLO_OK",
                "received-OPEN",
                "sent-ACCEPT",
                "received-DATA:2",
                "sent-DATA:3",
                "sent-DATA_FIN",
                "received-JOIN",
                "sent-JOIN_OK",
                "sent-GOAWAY"
            })
    void theGatewayAt(String point) throws Exception {
        BED.gateway().kill();
        BED.startGateway(dyingAt(point));
        long[] truth = {0};
        Background traffic = Background.run(() -> truth[0] = untilReset());
        if (point.endsWith("GOAWAY")) {
            usable();
            BED.gateway().signal("TERM");
        }
        Await.until("the gateway has died", LIMIT, () -> !isAlive(BED.gateway(), point));

        BED.startGateway();
        long back = System.nanoTime();
        usable();
        System.err.println(
                "gateway at " + point + ": usable again after " + (System.nanoTime() - back) / 1_000_000 + " ms");

        traffic.await(LIMIT);
        assertThat(truth[0]).as("streams that ended as if they were complete").isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection",
                "tls-done",
                "polled-HELLO",
                "sent-HELLO",
                "received-HELLO_OK",
                "sent-OPEN",
                "received-ACCEPT",
                "received-DATA:2",
                "sent-DATA:3",
                "sent-DATA_FIN",
                "sent-JOIN",
                "received-JOIN_OK"
            })
    void theClientAt(String point) throws Exception {
        BED.client().kill();
        try {
            BED.startClient(dyingAt(point));
        } catch (AssertionError diedAtOnce) {
            assertThat(BED.client().isAlive()).isFalse();
        }
        Background traffic = Background.run(DeathAtAnyPointTest::trafficOfAClientThatDies);
        Await.until("the client has died", LIMIT, () -> !isAlive(BED.client(), point));

        BED.startClient();
        usable();
        // Until then the destination hears nothing: to the gateway the client may come back any moment.
        traffic.await(LIMIT);
        Await.until(
                "the gateway has forgotten the streams of the old session",
                LIMIT,
                () -> BED.gatewayStatus().get("streams").asLong() == 0);
    }

    /** Opens, speaks both ways, ends half of it, and waits. Returns how many streams ended in order although they had not been told to. */
    private static long untilReset() throws Exception {
        long wrong = 0;
        for (int i = 0; i < 100; i++) {
            try (StreamPair pair = StreamPair.open(BED.socks())) {
                pair.client().setSoTimeout((int) LIMIT.toMillis());
                pair.destination().setSoTimeout((int) LIMIT.toMillis());
                for (int j = 0; j < 5; j++) {
                    pair.client().getOutputStream().write(j);
                    if (pair.destination().getInputStream().read() != j) {
                        return wrong;
                    }
                    pair.destination().getOutputStream().write(j);
                    if (pair.client().getInputStream().read() != j) {
                        wrong++;
                    }
                }
                pair.destination().shutdownOutput();
                if (pair.client().getInputStream().read() != -1) {
                    wrong++;
                }
            } catch (IOException expected) {
                return wrong;
            }
        }
        return wrong;
    }

    /** Whatever a program does while its proxy dies ends with an error, not with silence. */
    private static void trafficOfAClientThatDies() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (StreamPair pair = StreamPair.open(BED.socks())) {
                pair.client().setSoTimeout((int) LIMIT.toMillis());
                for (int j = 0; j < 5; j++) {
                    pair.client().getOutputStream().write(j);
                    pair.destination().getInputStream().read();
                    pair.destination().getOutputStream().write(j);
                    pair.client().getInputStream().read();
                }
                pair.client().shutdownOutput();
                pair.destination().getInputStream().read();
            } catch (IOException expected) {
                return;
            }
        }
    }

    private static void usable() throws Exception {
        Background.run(() -> {
                    try (EchoDestination echo = EchoDestination.start();
                            Socket socket = BED.socks().connect("localhost", echo.port())) {
                        socket.getOutputStream().write(77);
                        assertThat(socket.getInputStream().read()).isEqualTo(77);
                    }
                })
                .await(LIMIT);
    }
}
