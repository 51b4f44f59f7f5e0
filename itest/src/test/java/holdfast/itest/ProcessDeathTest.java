package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Background;
import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.Socks;
import holdfast.itest.harness.StreamPair;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When one of the programs is killed, every socket that depended on it is reset, and everything is usable again as soon as it is back. */
class ProcessDeathTest {
    private static final int STREAMS = 5;
    private static final int RESET_LIMIT_MILLIS = 5_000;
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    /** A test that failed may have left one of them dead. */
    @BeforeEach
    void bothRun() throws Exception {
        if (!BED.gateway().isAlive()) {
            BED.startGateway();
        }
        if (!BED.client().isAlive()) {
            BED.startClient();
        }
    }

    private static List<StreamPair> openStreams() throws IOException {
        List<StreamPair> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            StreamPair each = StreamPair.open(BED.socks());
            each.client().setSoTimeout(RESET_LIMIT_MILLIS);
            each.destination().setSoTimeout(RESET_LIMIT_MILLIS);
            each.client().getOutputStream().write(i);
            assertThat(each.destination().getInputStream().read()).isEqualTo(i);
            streams.add(each);
        }
        // one has been half-closed, which is no reason to be forgotten
        streams.get(0).client().shutdownOutput();
        assertThat(streams.get(0).destination().getInputStream().read()).isEqualTo(-1);
        return streams;
    }

    private static void expectReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    private static void newStreamsWork() throws Exception {
        Background.run(() -> {
                    try (EchoDestination echo = EchoDestination.start();
                            Socket socket = BED.socks().connect("localhost", echo.port())) {
                        socket.getOutputStream().write(77);
                        assertThat(socket.getInputStream().read()).isEqualTo(77);
                    }
                })
                .await(LIMIT);
    }

    @Test
    void aKilledClientResetsItsProgramsAndItsDestinations() throws Exception {
        List<StreamPair> streams = openStreams();

        BED.client().kill();

        for (StreamPair each : streams) {
            expectReset(each.client());
        }
        BED.startClient();
        newStreamsWork();
        for (StreamPair each : streams.subList(1, STREAMS)) {
            expectReset(each.destination());
        }
        Await.until(
                "the gateway has forgotten the old session",
                LIMIT,
                () -> BED.gatewayStatus().get("streams").asLong() == 0);
    }

    @Test
    void aKilledGatewayResetsDestinationsAtOnceAndProgramsWhenItIsBack() throws Exception {
        List<StreamPair> streams = openStreams();

        BED.gateway().kill();

        for (StreamPair each : streams.subList(1, STREAMS)) {
            expectReset(each.destination());
        }
        BED.client().awaitLog("(?i)path.*(lost|down|dead)", LIMIT);
        BED.startGateway();
        for (StreamPair each : streams) {
            expectReset(each.client());
        }
        newStreamsWork();
    }

    @Test
    void aProgramThatConnectsWhileTheGatewayIsAwayWaitsForIt() throws Exception {
        newStreamsWork();
        BED.gateway().kill();
        Background waiting = Background.run(ProcessDeathTest::newStreamsWork);

        BED.startGateway();

        waiting.await(LIMIT);
    }

    @Test
    void aGatewayThatStaysAwayIsReportedAsAFailureNotAsSilence() throws Exception {
        newStreamsWork();
        BED.gateway().kill();

        assertThatThrownBy(() -> BED.socks().connect("localhost", 9))
                .as("after at most 10 seconds of waiting")
                .isInstanceOf(Socks.Refused.class);

        BED.startGateway();
        newStreamsWork();
    }
}
