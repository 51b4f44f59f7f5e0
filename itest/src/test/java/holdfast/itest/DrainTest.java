package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.itest.harness.Background;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.Socks;
import holdfast.itest.harness.StreamPair;
import holdfast.itest.harness.TestBed;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gateway that is asked to end takes no new streams, gives the open ones the time it was told to, and resets what is left then. */
class DrainTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @BeforeEach
    void drainTime() throws Exception {
        BED.gateway().stop();
    }

    private static void startWith(String drainTime) throws Exception {
        Path config = BED.gatewayHome().resolve("gateway.toml");
        String text = Files.readString(config).replaceAll("(?m)^drain-time.*\\n", "");
        Files.writeString(config, "drain-time = \"" + drainTime + "\"\n" + text);
        BED.startGateway();
    }

    @AfterEach
    void runs() throws Exception {
        if (!BED.gateway().isAlive()) {
            startWith("1s");
        }
    }

    @Test
    void whatIsOpenMayComeToItsEnd() throws Exception {
        startWith("60s");
        Daemon gateway = BED.gateway();
        try (StreamPair pair = StreamPair.open(BED.socks())) {
            pair.client().setSoTimeout((int) LIMIT.toMillis());
            gateway.signal("TERM");
            BED.client().awaitLog("gateway.going_away", LIMIT);

            pair.client().getOutputStream().write(1);
            assertThat(pair.destination().getInputStream().read()).isEqualTo(1);
            pair.destination().getOutputStream().write(2);
            pair.destination().shutdownOutput();
            assertThat(pair.client().getInputStream().read()).isEqualTo(2);
            assertThat(pair.client().getInputStream().read()).isEqualTo(-1);
            pair.client().shutdownOutput();
            assertThat(pair.destination().getInputStream().read()).isEqualTo(-1);

            assertThat(gateway.awaitEnd(LIMIT))
                    .as("ends as soon as nothing is open")
                    .isZero();
        }
    }

    @Test
    void whatIsStillOpenThenIsReset() throws Exception {
        startWith("1s");
        Daemon gateway = BED.gateway();
        try (StreamPair pair = StreamPair.open(BED.socks())) {
            pair.client().setSoTimeout((int) LIMIT.toMillis());
            gateway.signal("TERM");

            assertThatThrownBy(() -> pair.client().getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            assertThat(gateway.awaitEnd(LIMIT)).isZero();
            BED.client().awaitLog("stream.lost", LIMIT);
        }
    }

    @Test
    void whatComesMeanwhileWaitsForTheNextGateway() throws Exception {
        startWith("2s");
        Daemon gateway = BED.gateway();
        try (StreamPair pair = StreamPair.open(BED.socks())) {
            gateway.signal("TERM");
            int seen = BED.client().log().length();
            BED.client().awaitLog("gateway.going_away", LIMIT);
            assertThat(seen).isPositive();
            Background late = Background.run(() -> {
                for (int i = 0; ; i++) {
                    try {
                        StreamPair.open(BED.socks()).close();
                        return;
                    } catch (Socks.Refused notYet) {
                        assertThat(i).isLessThan(10);
                    }
                }
            });
            assertThat(gateway.awaitEnd(LIMIT)).isZero();
            BED.startGateway();
            late.await(LIMIT);
            assertThat(pair.destination().isConnected()).isTrue();
        }
    }
}
