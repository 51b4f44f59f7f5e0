package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Background;
import holdfast.itest.harness.Bystander;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.RawPeer;
import holdfast.itest.harness.Scale;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who has logged in and attacks the gateway loses its session; memory stays as it was, and the streams of others go on. */
class HostilePeerTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int LIMIT_REACHED = 12;
    private static final int PROTOCOL_VIOLATION = 36;
    private static final int FLOW_CONTROL_VIOLATION = 38;

    /** What a gateway may keep of an attack, with what a JVM takes while it warms up. */
    private static final long MORE_MEMORY = 160L << 20;

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    private PatternDestination destination;
    private Bystander bystander;
    private long memory;

    @BeforeEach
    void someoneWorks() throws Exception {
        destination = new PatternDestination();
        bystander = Bystander.start(BED.socks().connect(destination.address()));
        memory = BED.gateway().residentBytes();
    }

    @AfterEach
    void nobodyNoticed() throws Exception {
        bystander.stop();
        assertThat(BED.gateway().residentBytes()).as("memory of the gateway").isLessThan(memory + MORE_MEMORY);
        assertThat(BED.gateway().log()).doesNotContainIgnoringCase("exception");
        destination.close();
    }

    @Test
    void openingAndResettingWithoutEnd() throws Exception {
        int pairs = Scale.of(30_000, 1_000_000);
        int before = destination.accepted();
        endsWith(LIMIT_REACHED, "mallory", peer -> {
            for (long i = 0; i < pairs; i++) {
                peer.open(2 * i, destination.address().getPort());
                peer.reset(2 * i);
            }
        });
        assertThat(destination.accepted() - before)
                .as("connections that came of it")
                .isLessThan(pairs / 2);
    }

    @Test
    void pingsWhoseAnswersAreNotRead() throws Exception {
        try (RawPeer peer = peer("paul")) {
            peer.hello();
            int sent = flood(() -> {
                for (int i = 0; i < 1000; i++) {
                    peer.ping(i);
                }
                peer.flush();
            });
            assertThat(sent)
                    .as("thousands of PINGs before the gateway had enough")
                    .isGreaterThan(5);
            awaitEnded("paul", "LIMIT_REACHED");
        }
    }

    @Test
    void emptyFramesWithoutEnd() throws Exception {
        endsWith(LIMIT_REACHED, "eve", peer -> {
            peer.open(0, destination.address().getPort());
            for (int i = 0; i < 200_000; i++) {
                peer.data(0, 0, new byte[0]);
            }
        });
    }

    @Test
    void tinyFramesAreTakenSlowly() throws Exception {
        int frames = Scale.of(120_000, 10_000_000);
        try (RawPeer peer = peer("tim")) {
            peer.hello();
            long begun = System.nanoTime();
            int sent = 0;
            try {
                for (; sent < frames; sent++) {
                    if (sent % 200_000 == 0) {
                        peer.open(sent / 100_000, destination.address().getPort());
                    }
                    peer.data(sent / 200_000 * 2L, sent % 200_000, new byte[1]);
                }
                peer.ping(7);
                peer.flush();
                // The answer comes once all before it was taken, unless the path is given up first: acknowledgements
                // wait behind such a flood, too.
                peer.readUpTo(RawPeer.PONG);
            } catch (IOException givenUp) {
                assertThat(givenUp).isNotNull();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("time for %s tiny frames", sent)
                    .isGreaterThan(Duration.ofMillis(500));
        }
    }

    @Test
    void gapsAtEverySecondOffset() throws Exception {
        endsWith(FLOW_CONTROL_VIOLATION, "gabi", peer -> {
            peer.open(0, destination.address().getPort());
            for (int i = 0; i < 100_000; i++) {
                peer.data(0, 1 + 2L * i, new byte[1]);
            }
        });
    }

    @Test
    void moreThanTheCredit() throws Exception {
        endsWith(FLOW_CONTROL_VIOLATION, "carl", peer -> {
            peer.open(0, destination.address().getPort());
            peer.data(0, 16_000_000, new byte[1000]);
        });
        endsWith(FLOW_CONTROL_VIOLATION, "carl", peer -> {
            peer.open(0, destination.address().getPort());
            peer.data(0, (1L << 62) - 2, new byte[1]);
        });
    }

    @Test
    void acknowledgingWhatWasNeverSent() throws Exception {
        endsWith(PROTOCOL_VIOLATION, "leo", peer -> peer.send(RawPeer.PATH_ACK, RawPeer.varints(1, 0, 1 << 29, 0)));
        endsWith(
                PROTOCOL_VIOLATION,
                "leo",
                peer -> peer.send(RawPeer.PATH_ACK, RawPeer.varints(1, 0, (1L << 62) - 1, 0)));
    }

    @Test
    void movingTheEndOfAStream() throws Exception {
        endsWith(PROTOCOL_VIOLATION, "mo", peer -> {
            peer.open(0, destination.address().getPort());
            peer.data(0, 0, new byte[100]);
            peer.send(RawPeer.RESET, RawPeer.varints(0, 11, 99));
        });
    }

    private interface Attack {
        void on(RawPeer peer) throws IOException;
    }

    /** Logs in, attacks, and sees the session end with this code, or at least the gateway say so. */
    private static void endsWith(int code, String user, Attack attack) throws Exception {
        int ended = countEnded(user);
        try (RawPeer peer = peer(user)) {
            peer.hello();
            Background attacking = Background.run(() -> {
                try {
                    attack.on(peer);
                    peer.flush();
                } catch (IOException alreadyEnded) {
                    // what it is for
                }
            });
            int heard = peer.readToEnd();
            attacking.await(LIMIT);
            assertThat(heard)
                    .as("code of SESSION_CLOSE, or none because the connection broke first")
                    .isIn(code, -1);
        }
        Await.until("the session of " + user + " has ended", LIMIT, () -> countEnded(user) > ended);
        assertThat(lastEnded(user)).contains("code=" + nameOf(code));
    }

    private static void awaitEnded(String user, String code) throws Exception {
        Await.until("the session of " + user + " has ended", LIMIT, () -> countEnded(user) > 0);
        assertThat(lastEnded(user)).contains("code=" + code);
    }

    private static int flood(Round round) {
        for (int times = 0; ; times++) {
            try {
                round.run();
            } catch (IOException ended) {
                return times;
            }
        }
    }

    private interface Round {
        void run() throws IOException;
    }

    private static int countEnded(String user) throws IOException {
        return endings(user).size();
    }

    private static String lastEnded(String user) throws IOException {
        List<String> all = endings(user);
        return all.isEmpty() ? "" : all.get(all.size() - 1);
    }

    private static List<String> endings(String user) throws IOException {
        return BED.gateway()
                .log()
                .lines()
                .filter(line -> line.contains("session.ended") && line.contains("user=" + user + " "))
                .toList();
    }

    private static String nameOf(int code) {
        return switch (code) {
            case LIMIT_REACHED -> "LIMIT_REACHED";
            case PROTOCOL_VIOLATION -> "PROTOCOL_VIOLATION";
            default -> "FLOW_CONTROL_VIOLATION";
        };
    }

    private static RawPeer peer(String user) throws Exception {
        Path home = BED.folder().resolve(user);
        if (!Files.exists(home)) {
            BED.login(home, user);
        }
        return RawPeer.connect(home, BED.gatewayPort());
    }
}
