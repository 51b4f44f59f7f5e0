package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.GatewayHome;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.Socks;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.Tools;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A login may name a domain that is asked where its gateway is: once, by command, or again whenever the gateway is not reached. Its key decides. */
class RediscoveryTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String READY = "(?m)^.*\\bready\\b.*$";

    /** Only this test's name server is there, at the port that the system's has to have. */
    private static final String NAME_SERVER = "127.53.7.53";

    /** With several interfaces the client binds what it dials to each; what leads to this machine itself is not to be bound. */
    private static final String CABLE = "hfr" + ProcessHandle.current().pid() % 100_000;

    @TempDir
    Path folder;

    private final int gatewayPort = Ports.free();
    private final int impostorPort = Ports.free();
    private final int socksPort = Ports.free();
    private GatewayHome gateway;
    private GatewayHome impostor;
    private Daemon names;

    @BeforeEach
    void start() throws Exception {
        Tools.requireRoot("a name server at port 53");
        ip("link add " + CABLE + "a type veth peer name " + CABLE + "b");
        for (String end : List.of("a", "b")) {
            ip("addr add 10.213.79." + (end.equals("a") ? 1 : 2) + "/24 dev " + CABLE + end);
            ip("link set " + CABLE + end + " up");
        }
        gateway = home("gateway", gatewayPort);
        impostor = home("impostor", impostorPort);
        gateway.login(folder.resolve("client"), "alice");
        names = Daemon.start(
                "dnsmasq",
                folder.resolve("dnsmasq.log"),
                List.of(
                        Tools.require("dnsmasq"),
                        "--no-daemon",
                        "--no-hosts",
                        "--no-resolv",
                        "--user=root",
                        "--conf-file=/dev/null",
                        "--pid-file=" + folder.resolve("dnsmasq.pid"),
                        "--listen-address=" + NAME_SERVER,
                        "--bind-interfaces",
                        "--local=/example/",
                        "--address=/gw.corp.example/127.0.0.1",
                        "--srv-host=_holdfast._tcp.corp.example,gw.corp.example," + impostorPort + ",1",
                        "--srv-host=_holdfast._tcp.corp.example,gw.corp.example," + gatewayPort + ",2"),
                Map.of());
        Await.until(
                "dnsmasq answers",
                LIMIT,
                () -> discover("corp.example").output().contains("would dial"));
    }

    private GatewayHome home(String name, int port) throws Exception {
        return new GatewayHome(
                        name,
                        folder,
                        "127.0.0.1:" + port,
                        command -> Stream.of(command).map(Object::toString).toList(),
                        "--allow",
                        "127.0.0.1/32")
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        names.close();
        gateway.close();
        impostor.close();
        ip("link del " + CABLE + "a");
    }

    private static void ip(String words) throws Exception {
        Program.run("ip", words.split(" ", -1)).ok();
    }

    @Test
    void whatWasFoundIsDialedWhereTheLoginsOwnAddressesLeadNowhereAndOnlyItsKeyCounts() throws Exception {
        assertThat(discover("corp.example", "--save", "default", "--follow")
                        .ok()
                        .output())
                .contains("login default is dialed at: 127.0.0.1:" + gatewayPort + " gw.corp.example:" + impostorPort
                        + " gw.corp.example:" + gatewayPort)
                .contains("while it is not reached, corp.example is asked again");
        Path settings = folder.resolve("client/client.toml");
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replaceAll("addresses = .*", "addresses = [\"127.0.0.1:" + Ports.free() + "\"]"));
        Path resolvers = Files.writeString(folder.resolve("resolv.conf"), "nameserver " + NAME_SERVER + "\n");

        try (Daemon client = Daemon.start(
                                "client",
                                folder.resolve("client.log"),
                                List.of(
                                        Tools.require("unshare"),
                                        "-m",
                                        "sh",
                                        "-c",
                                        "mount --bind \"$0\" /etc/resolv.conf; exec \"$@\"",
                                        resolvers.toString(),
                                        TestBed.CLIENT.toString(),
                                        "run",
                                        "--home",
                                        folder.resolve("client").toString(),
                                        "-D",
                                        "127.0.0.1:" + socksPort),
                                Map.of())
                        .awaitLog(READY, LIMIT);
                EchoDestination destination = EchoDestination.start()) {
            client.awaitLog("gateway.discovered login=default domain=corp.example", LIMIT);
            client.awaitLog("path.up login=default", LIMIT);
            client.awaitLog("gateway.wrong_key", LIMIT);

            try (Socket socket = new Socks(socksPort).connect(destination.address())) {
                socket.getOutputStream().write(7);
                assertThat(socket.getInputStream().read()).isEqualTo(7);
            }
            assertThat(client.stop()).isZero();
        }
    }

    private Program.Result discover(String... words) throws Exception {
        List<String> all = new ArrayList<>(
                List.of("discover", "--home", folder.resolve("client").toString()));
        all.addAll(List.of("--server", NAME_SERVER + ":53", "--no-web"));
        all.addAll(List.of(words));
        return Program.run(TestBed.CLIENT.toString(), all.toArray(String[]::new));
    }
}
