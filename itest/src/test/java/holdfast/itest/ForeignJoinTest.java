package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Background;
import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.RawPeer;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Only the user and key of a session add paths to it, only while they are let in, and each path once. */
class ForeignJoinTest {
    private static final int SESSION_GONE = 32;
    private static final int UNKNOWN_KEY = 33;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @Test
    void whoKnowsTheIdOfAForeignSessionIsRefusedAndThatSessionGoesOn() throws Exception {
        Path file = BED.clientHome().resolve("session");
        Await.until("the client has remembered its session", LIMIT, () -> Files.exists(file));
        String id = Files.readString(file).strip();
        assertThat(id).startsWith(BED.clientStatus().get("session").toString());
        try (EchoDestination destination = EchoDestination.start();
                Socket socket = BED.socks()
                        .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), destination.port()))) {
            assertEchoes(socket);
            for (int path = 1; path <= 5; path++) {
                try (RawPeer boris = peer("boris")) {
                    assertThat(boris.join(HexFormat.of().parseHex(id), path)).isEqualTo(SESSION_GONE);
                }
            }
            try (RawPeer boris = peer("boris")) {
                assertThat(boris.join(new byte[16], 1))
                        .as("a session that never was")
                        .isEqualTo(SESSION_GONE);
            }
            assertEchoes(socket);
        }
        assertThat(Files.readString(file).strip()).isEqualTo(id);
    }

    @Test
    void whoWasTurnedAwayBetweenCutAndJoinIsRefused() throws Exception {
        byte[] session;
        try (RawPeer carla = peer("carla")) {
            session = carla.hello();
        }
        try (RawPeer carla = peer("carla")) {
            assertThat(carla.join(session, 1)).as("while she is let in").isZero();
        }

        Program.run(
                        TestBed.GATEWAY.toString(),
                        "user",
                        "disable",
                        "carla",
                        "--home",
                        BED.gatewayHome().toString())
                .ok();

        try (RawPeer carla = peer("carla")) {
            assertThat(carla.join(session, 2)).isEqualTo(UNKNOWN_KEY);
        }
    }

    @Test
    void ofJoinsThatRaceForOnePathExactlyOneWins() throws Exception {
        try (RawPeer dora = peer("dora")) {
            byte[] session = dora.hello();
            AtomicInteger won = new AtomicInteger();
            List<RawPeer> racers = new ArrayList<>();
            List<Background> joins = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                racers.add(peer("dora"));
            }
            for (RawPeer each : racers) {
                joins.add(Background.run(() -> {
                    int answer = each.join(session, 1);
                    assertThat(answer).isIn(0, SESSION_GONE);
                    won.addAndGet(answer == 0 ? 1 : 0);
                }));
            }
            for (Background each : joins) {
                each.await(LIMIT);
            }
            assertThat(won).hasValue(1);
            for (RawPeer each : racers) {
                each.close();
            }
        }
    }

    private static void assertEchoes(Socket socket) throws IOException {
        socket.getOutputStream().write(7);
        assertThat(socket.getInputStream().read()).isEqualTo(7);
    }

    private static RawPeer peer(String user) throws Exception {
        Path home = BED.folder().resolve(user);
        if (!Files.exists(home)) {
            BED.login(home, user);
        }
        return RawPeer.connect(home, BED.gatewayPort());
    }
}
