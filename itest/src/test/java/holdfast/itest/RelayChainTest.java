package holdfast.itest;

import static holdfast.itest.harness.RelayHosts.GATEWAY;
import static holdfast.itest.harness.RelayHosts.RELAY_1;
import static holdfast.itest.harness.RelayHosts.RELAY_2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.CheckedTraffic;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.GatewayHome;
import holdfast.itest.harness.Json;
import holdfast.itest.harness.PatternDestination;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.RelayHosts;
import holdfast.itest.harness.Scale;
import holdfast.itest.harness.Socks;
import holdfast.itest.harness.TestBed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway that is reached through relays only: streams live through the loss and replacement of each of them, and the gateway knows through which ones
 * they come, and can refuse that.
 */
class RelayChainTest {
    private static final long SEED = Scale.seed("RelayChainTest");
    private static final int STREAMS = Scale.of("streams", 100, 500);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String READY = "(?m)^.*\\bready\\b.*$";

    @TempDir
    static Path folder;

    private static RelayHosts hosts;
    private static GatewayHome first;
    private static GatewayHome second;
    private static GatewayHome gateway;

    private final int socksPort = Ports.free();
    private @Nullable Daemon running;

    @BeforeAll
    static void start() throws Exception {
        hosts = RelayHosts.make();
        first = home(RELAY_1);
        second = home(RELAY_2);
        gateway = home(GATEWAY, "--allow", RelayHosts.DESTINATION + "/32");
        first.setChains("relay-to", place(RELAY_2), place(GATEWAY));
        second.setChains("relay-to", place(GATEWAY));
        second.setChains("accept-from", first.key());
        gateway.setChains("accept-from", first.key(), second.key());
        first.start();
        second.start();
        gateway.start();
        gateway.login(folder.resolve("client"), "alice");
        first.login(folder.resolve("client"), "alice", "--name", "first");
        second.login(folder.resolve("client"), "alice", "--name", "second");
    }

    private static GatewayHome home(String host, String... options) throws Exception {
        return new GatewayHome(host, folder, place(host), command -> hosts.words(host, command), options);
    }

    private static String place(String host) {
        return RelayHosts.address(host) + ":7443";
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : Stream.of(first, second, gateway, hosts)
                .filter(Objects::nonNull)
                .toList()) {
            each.close();
        }
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
        running = Daemon.start("client", log, command, Map.of()).awaitLog(READY, LIMIT);
    }

    private Daemon client() {
        return Objects.requireNonNull(running, "the client was not started");
    }

    @AfterEach
    void stopClient() throws Exception {
        if (running != null) {
            assertThat(running.stop()).isZero();
        }
    }

    private static PatternDestination destination() throws Exception {
        return new PatternDestination(InetAddress.getByName(RelayHosts.DESTINATION));
    }

    private CheckedTraffic traffic(InetSocketAddress destination) throws Exception {
        return CheckedTraffic.start(() -> new Socks(socksPort).connect(destination), STREAMS, SEED, LIMIT);
    }

    private static void everythingArrived(CheckedTraffic traffic, PatternDestination destination) throws Exception {
        traffic.stop(LIMIT);
        Await.until("the destination has no connections", LIMIT, () -> destination.open() == 0);
        destination.close();
        destination.assertNothingWrong();
    }

    @Test
    void aRelayIsKilledAndReplacedWhileAnotherGoesOn() throws Exception {
        startClient("--via", "first", "--via", "second");
        awaitPaths("first/", "second/");
        PatternDestination destination = destination();
        CheckedTraffic traffic = traffic(destination.address());

        for (GatewayHome each : List.of(first, second)) {
            each.program().kill();
            traffic.awaitProgress(LIMIT);
            each.start();
            awaitPaths("first/", "second/");
            traffic.awaitProgress(LIMIT);
        }

        everythingArrived(traffic, destination);
        assertThat(client().log()).doesNotContain("login=default code=SESSION_GONE");
    }

    @Test
    void everyRelayOfTheOnlyChainIsKilledAndReplaced() throws Exception {
        startClient("--via", "first,second");
        awaitPaths("first,second/");
        PatternDestination destination = destination();
        CheckedTraffic traffic = traffic(destination.address());
        assertThat(chains()).containsOnly(first.key() + "," + second.key());

        for (GatewayHome each : List.of(second, first)) {
            each.program().kill();
            each.start();
            traffic.awaitProgress(LIMIT);
        }

        everythingArrived(traffic, destination);
        assertThat(chains()).containsOnly(first.key() + "," + second.key());
    }

    @Test
    void theGatewayRefusesARelayThatItsRulesDoNotListNowOrAnyMore() throws Exception {
        gateway.setChains("accept-from", second.key());
        startClient("--via", "first");
        client().awaitLog("gateway.refused.*" + first.key(), LIMIT);
        try (PatternDestination destination = destination()) {
            assertThatThrownBy(() -> new Socks(socksPort).connect(destination.address()))
                    .isInstanceOf(Socks.Refused.class);
        }

        gateway.setChains("accept-from", first.key(), second.key());
        awaitPaths("first/");
        assertThat(chains()).containsOnly(first.key());

        gateway.setChains("accept-from", second.key());
        Await.until("the path is ended", LIMIT, () -> chains().isEmpty());
        gateway.setChains("accept-from", first.key(), second.key());
        awaitPaths("first/");
    }

    @Test
    void aFurtherClientLogsInThroughRelays() throws Exception {
        Path home = folder.resolve("further");
        first.login(home, "bob", "--name", "first");
        second.login(home, "bob", "--name", "second");
        String invitation = gateway.invite("bob");

        gateway.setChains("accept-from", second.key());
        Await.until("the relay is refused", LIMIT, () -> {
            Program.Result refused = loginHere(home, invitation, "--via", "first");
            return refused.exitCode() == 77
                    && refused.errors().contains("not reached through the relay " + first.key());
        });
        gateway.setChains("accept-from", first.key(), second.key());
        Await.until(
                "the same invitation is taken through both",
                LIMIT,
                () -> loginHere(home, invitation, "--via", "first,second").exitCode() == 0);

        assertThat(Program.run(TestBed.CLIENT.toString(), "profile", "list", "--home", home.toString())
                        .ok()
                        .output())
                .contains("default", "bob", place(GATEWAY));
    }

    private static Program.Result loginHere(Path home, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("login", "--home", home.toString()));
        all.addAll(List.of(words));
        return Program.run(TestBed.CLIENT.toString(), all.toArray(String[]::new));
    }

    @Test
    void aRelayThatChangesItsKeyStaysInTheChain() throws Exception {
        startClient("--via", "first,second");
        awaitPaths("first,second/");
        PatternDestination destination = destination();
        CheckedTraffic traffic = traffic(destination.address());
        String old = first.key();

        String next = first.makeNextKey();
        Await.until(
                "the client knows the relay's next key",
                LIMIT,
                () -> Files.readString(folder.resolve("client/profiles/first/client.toml"))
                        .contains("next-gateway = "));
        second.setChains("accept-from", old, next);
        gateway.setChains("accept-from", old, next, second.key());
        first.takeNextKey();
        first.program().awaitLog("key.changed", LIMIT);
        second.program().kill();
        second.start();

        traffic.awaitProgress(LIMIT);
        Await.until("the chain has the new key", LIMIT, () -> chains().equals(List.of(next + "," + second.key())));
        // What came by the old key is not accepted any more, and nothing needs it.
        second.setChains("accept-from", next);
        gateway.setChains("accept-from", next, second.key());
        traffic.awaitProgress(LIMIT);
        everythingArrived(traffic, destination);
        assertThat(next).isNotEqualTo(old);
    }

    @Test
    void aRelayIsNoneToGatewaysThatItsRulesDoNotName() throws Exception {
        first.setChains("relay-to", place(RELAY_2));
        startClient("--verbose", "--via", "first", "--via", "second=standby");
        try (PatternDestination destination = destination();
                Socket through = new Socks(socksPort).connect(destination.address())) {
            client().awaitLog("path.dial_failed.*this gateway is no relay to " + place(GATEWAY), LIMIT);
            assertThat(through.isConnected()).isTrue();
            assertThat(chains()).containsOnly(second.key());
        } finally {
            first.setChains("relay-to", place(RELAY_2), place(GATEWAY));
        }
        awaitPaths("first/", "second/");
    }

    private static List<String> chains() throws Exception {
        List<String> chains = new ArrayList<>();
        for (Json session : gateway.status().get("sessions").elements()) {
            for (Json path : session.get("paths").elements()) {
                chains.add(path.get("chain").toString());
            }
        }
        return chains;
    }

    /** Waits until the session has paths that are up by exactly these ways. */
    private void awaitPaths(String... ways) throws Exception {
        boolean there = Await.within(LIMIT, () -> {
            List<String> up = new ArrayList<>();
            for (Json path : status().get("paths").elements()) {
                if (path.get("state").toString().equals("up")) {
                    up.add(path.get("route").toString());
                }
            }
            return up.size() == ways.length
                    && List.of(ways).stream().allMatch(way -> up.stream().anyMatch(each -> each.startsWith(way)));
        });
        if (!there) {
            throw new AssertionError("not all paths of " + List.of(ways) + " are up:\n" + client().log());
        }
    }

    private Json status() throws Exception {
        return Json.read(Program.run(
                        TestBed.CLIENT.toString(),
                        "status",
                        "--json",
                        "--home",
                        folder.resolve("client").toString())
                .ok()
                .output());
    }
}
