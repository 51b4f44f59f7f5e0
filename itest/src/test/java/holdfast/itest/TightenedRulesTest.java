package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.Socks;
import holdfast.itest.harness.SocksUdp;
import holdfast.itest.harness.TestBed;
import holdfast.itest.harness.UdpEcho;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the gateway's owner takes back ends at once for those who have it, and nothing else does; a file with a mistake takes nothing back. */
class TightenedRulesTest {
    private static final int END_LIMIT_MILLIS = 5_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int LISTENED = Ports.free();
    private static final EchoDestination ECHO = echo();

    @RegisterExtension
    static final TestBed BED = TestBed.plain()
            .gateway("--allow-listen", "127.0.0.1:" + LISTENED)
            .client("-R", LISTENED + ":127.0.0.1:" + ECHO.port());

    private Path config;
    private String usual;

    @BeforeEach
    void keepSettings() throws IOException {
        config = BED.gatewayHome().resolve("gateway.toml");
        usual = Files.readString(config);
    }

    @AfterEach
    void usualSettings() throws Exception {
        Files.writeString(config, usual);
        reload().ok();
    }

    @Test
    void aDeniedConnectionIsResetAndTheOthersGoOn() throws Exception {
        try (EchoDestination denied = EchoDestination.start();
                EchoDestination other = EchoDestination.start();
                Socket ends = BED.socks().connect(at(denied.port()));
                Socket stays = BED.socks().connect(at(other.port()))) {
            assertEchoes(ends);
            assertEchoes(stays);

            Files.writeString(config, "deny = [\"connect 127.0.0.1:" + denied.port() + "\"]\n" + usual);
            reload().ok();

            ends.setSoTimeout(END_LIMIT_MILLIS);
            assertThatThrownBy(() -> ends.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            assertEchoes(stays);
            assertThatThrownBy(() -> BED.socks().connect(at(denied.port())))
                    .isInstanceOfSatisfying(
                            Socks.Refused.class,
                            refused -> assertThat(refused.reply()).isEqualTo(2));
            assertThat(why("alice", "127.0.0.1:" + denied.port()))
                    .contains("refused  alice  connect")
                    .contains("rule at " + config + ":1:9");
            BED.client()
                    .awaitLog(
                            "open.failed .*deny connect 127.0.0.1:" + denied.port() + "  .gateway.toml:1:9.",
                            Duration.ofSeconds(10));
        }
    }

    @Test
    void aListenerThatIsDeniedEndsWithWhatCameInByIt() throws Exception {
        Await.until("the gateway listens", LIMIT, TightenedRulesTest::isListening);
        try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), LISTENED)) {
            assertEchoes(caller);

            Files.writeString(config, "deny = [\"listen 127.0.0.1:" + LISTENED + "\"]\n" + usual);
            reload().ok();

            caller.setSoTimeout(END_LIMIT_MILLIS);
            assertThatThrownBy(() -> caller.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            Await.until("nobody listens", LIMIT, () -> !isListening());
        }
    }

    @Test
    void anAssociationWhoseOnlyAddressIsDeniedEnds() throws Exception {
        try (UdpEcho denied = UdpEcho.start(127, 0, 0, 1);
                SocksUdp udp = SocksUdp.open(BED.socks())) {
            udp.send(denied.address(), new byte[] {1});
            assertThat(udp.receive(LIMIT)).containsExactly(1);

            Files.writeString(config, "deny = [\"udp 127.0.0.1\"]\n" + usual);
            reload().ok();

            udp.control().setSoTimeout(END_LIMIT_MILLIS);
            try {
                assertThat(udp.control().getInputStream().read()).isEqualTo(-1);
            } catch (SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void changedLimitsHoldAtOnceAndWhatIsThereStays() throws Exception {
        try (EchoDestination destination = EchoDestination.start();
                UdpEcho echo = UdpEcho.start(127, 0, 0, 1);
                SocksUdp udp = SocksUdp.open(BED.socks());
                Socket stays = BED.socks().connect(at(destination.port()))) {
            Files.writeString(
                    config, usual + "\n[users.alice.limits]\nstreams-per-session = 1\ndatagrams-per-second = 5\n");
            reload().ok();

            assertEchoes(stays);
            assertThatThrownBy(() -> BED.socks().connect(at(destination.port())))
                    .isInstanceOf(Socks.Refused.class);
            for (int i = 0; i < 2000; i++) {
                udp.send(echo.address(), new byte[] {1});
            }
            udp.receive(LIMIT);
            assertThat(echo.received()).as("of 2000 datagrams").isLessThan(1000);

            Files.writeString(config, usual);
            reload().ok();
            BED.socks().connect(at(destination.port())).close();
        }
    }

    @Test
    void aFileWithAMistakeIsRefusedAndEverythingGoesOn() throws Exception {
        try (EchoDestination destination = EchoDestination.start();
                Socket stays = BED.socks().connect(at(destination.port()))) {
            Files.writeString(config, "deny = [\"connect *\"]\nalow = []\n" + usual);

            Program.Result refused = reload();

            assertThat(refused.exitCode()).isEqualTo(78);
            assertThat(refused.errors()).contains(config + ":2:1: there is no setting 'alow'; did you mean 'allow'?");
            assertEchoes(stays);
            assertThat(BED.gatewayStatus().toString()).contains("settings_not_in_force");
        }
    }

    private static boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), LISTENED)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static EchoDestination echo() {
        try {
            return EchoDestination.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stopEcho() throws IOException {
        ECHO.close();
    }

    private static String why(String user, String destination) throws Exception {
        return Program.run(
                        TestBed.GATEWAY.toString(),
                        "why",
                        user,
                        destination,
                        "--home",
                        BED.gatewayHome().toString())
                .output();
    }

    private static Program.Result reload() throws Exception {
        return Program.run(
                TestBed.GATEWAY.toString(),
                "reload",
                "--home",
                BED.gatewayHome().toString());
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static void assertEchoes(Socket socket) throws IOException {
        socket.getOutputStream().write(7);
        assertThat(socket.getInputStream().read()).isEqualTo(7);
    }
}
