package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.GatewayHome;
import holdfast.itest.harness.PatternClient;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Socks;
import holdfast.itest.harness.TestBed;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With several gateways each connection goes by the one that the rules name for it, or by the next while that one does not answer. */
class GatewayFailoverTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Less than anything waits in vain for a gateway. How soon it is, at most about a second, is what  {@code scripts/measure failover}  measures. */
    private static final Duration SOON = Duration.ofSeconds(8);

    private static final String READY = "(?m)^.*\\bready\\b.*$";

    @TempDir
    static Path folder;

    private static GatewayHome work;
    private static GatewayHome spare;

    private final int socksPort = Ports.free();
    private @Nullable Daemon running;
    private PatternDestination destination;

    @BeforeAll
    static void startGateways() throws Exception {
        work = home("work");
        spare = home("spare");
    }

    @AfterAll
    static void stopGateways() {
        Stream.of(work, spare).filter(Objects::nonNull).forEach(GatewayHome::close);
    }

    @BeforeEach
    void start() throws Exception {
        if (!work.program().isAlive()) {
            work.start();
        }
        destination = new PatternDestination();
    }

    private static GatewayHome home(String name) throws Exception {
        String address = "127.0.0.1:" + Ports.free();
        GatewayHome home = new GatewayHome(
                name,
                folder,
                address,
                command -> Stream.of(command).map(Object::toString).toList(),
                "--allow",
                "127.0.0.1/32");
        home.start().login(folder.resolve("client"), "alice", "--name", name);
        return home;
    }

    private void startClient(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                TestBed.CLIENT.toString(),
                "run",
                "--home",
                folder.resolve("client").toString(),
                "-D",
                "127.0.0.1:" + socksPort));
        command.addAll(List.of(options));
        Path log = folder.resolve("client.log");
        Files.deleteIfExists(log);
        running = Daemon.start("client", log, command, Map.of())
                .awaitLog(READY, LIMIT)
                .awaitLog("path.up login=work", LIMIT)
                .awaitLog("path.up login=spare", LIMIT);
    }

    private Daemon client() {
        return Objects.requireNonNull(running, "the client was not started");
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(client().stop()).isZero();
        destination.close();
        destination.assertNothingWrong();
    }

    /** Gets some bytes by a connection of its own. */
    private void use() throws Exception {
        try (PatternClient get = new PatternClient(connect())) {
            get.beginGet(100_000);
            get.read(100_000);
            get.expectEnd();
        }
    }

    private Socket connect() throws Exception {
        return new Socks(socksPort).connect(destination.address());
    }

    private void useWithin(Duration longest) throws Exception {
        long start = System.nanoTime();
        use();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.err.println("GatewayFailoverTest: a connection took " + took.toMillis() + " ms");
        assertThat(took).isLessThan(longest);
    }

    private static long streams(GatewayHome gateway) throws Exception {
        return gateway.status().get("counters").get("streams").asLong();
    }

    @Test
    void newConnectionsGoToTheNextGatewayWhileTheFirstIsDead() throws Exception {
        startClient("--profile", "work,spare");
        PatternClient held = new PatternClient(connect()).beginEcho();
        try (held) {
            assertThat(streams(work)).isEqualTo(1);
            assertThat(streams(spare)).isZero();
        }
        work.program().kill();

        useWithin(SOON);

        work.start();
        client().awaitLog("session.established login=work(?s:.*)session.established login=work", LIMIT);
        Await.until("connections go to the first gateway again", LIMIT, () -> {
            PatternClient again = new PatternClient(connect()).beginEcho();
            try (again) {
                return streams(work) == 1;
            }
        });
    }

    @Test
    void newConnectionsGoToTheNextGatewayWhenTheFirstFallsSilent() throws Exception {
        startClient("--profile", "work,spare");
        use();
        work.program().signal("STOP");
        client().awaitLog("path.suspected login=work", LIMIT);

        useWithin(SOON);

        work.program().signal("CONT");
    }

    @Test
    void aGatewayThatIsAboutToEndNamesAnotherOneAndWhatItCarriesGoesOn() throws Exception {
        work.program().stop();
        work.set("other-gateways = [\"" + spare.address() + "\"]\ndrain-time = \"20s\"");
        work.start();
        startClient("--profile", "work,spare");
        PatternClient held = new PatternClient(connect()).beginEcho();
        try (held) {
            held.ping(1_000);
            work.program().signal("TERM");
            client().awaitLog("gateway.going_away login=work .*others=" + spare.address(), LIMIT);

            useWithin(SOON);

            held.ping(100_000);
        }
        assertThat(work.program().awaitEnd(LIMIT)).isZero();
    }

    @Test
    void rulesChooseByDestination() throws Exception {
        startClient(
                "--profile",
                "work",
                "--gateway",
                "127.0.0.0/8:" + destination.address().getPort() + "=spare");

        PatternClient held = new PatternClient(connect()).beginEcho();
        try (held) {
            assertThat(streams(spare)).isEqualTo(1);
            assertThat(streams(work)).isZero();
        }
        // By its name it is another destination: nothing is resolved for a rule.
        try (Socket named =
                new Socks(socksPort).connect("localhost", destination.address().getPort())) {
            assertThat(named.isConnected()).isTrue();
            assertThat(streams(work)).isEqualTo(1);
        }
    }
}
