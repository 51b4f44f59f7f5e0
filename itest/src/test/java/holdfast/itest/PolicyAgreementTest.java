package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.Socks;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The gateway states its conditions before any stream is opened, and a client whose rules do not accept them opens none. */
class PolicyAgreementTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @Test
    void aClientThatRefusesRecordingOpensNothingAtAGatewayThatRecords() throws Exception {
        Path gatewayConfig = BED.gatewayHome().resolve("gateway.toml");
        String usual = Files.readString(gatewayConfig);
        try (EchoDestination destination = EchoDestination.start()) {
            assertEchoes(destination);
            assertThat(status()).contains("agreed   accepted: recording=connections retention=unlimited");

            BED.client().stop();
            Files.writeString(
                    BED.clientHome().resolve("client.toml"),
                    "\n[accept]\nrecording = \"no\"\n",
                    StandardOpenOption.APPEND);
            BED.startClient();

            BED.client().awaitLog("conditions.refused .*records who connects where, when and how much", LIMIT);
            assertRefused(destination);
            assertThat(status())
                    .contains("refused: the gateway records who connects where, when and how much;"
                            + " [accept] recording = \"none\" accepts nothing");
            assertThat(Files.readString(BED.gatewayHome().resolve("audit.log")).lines())
                    .as("one connection, by the first client")
                    .filteredOn(each -> each.contains("127.0.0.1:" + destination.port()))
                    .hasSize(1);

            BED.gateway().stop();
            Files.writeString(gatewayConfig, quietly(usual));
            BED.startGateway();
            BED.client().awaitLog("conditions.accepted .*recording=none", LIMIT);

            try (Socket open = BED.socks().connect(at(destination))) {
                assertEchoes(open);

                Files.writeString(
                        gatewayConfig, quietly(usual).replace("[conditions]", "[conditions]\nrecording = \"content\""));
                reload().ok();
                Await.until(
                        "the client refuses", LIMIT, () -> status().contains("refused: the gateway records what is"));

                assertRefused(destination);
                assertEchoes(open);
                assertThat(BED.gatewayStatus().toString()).contains("refused conditions");
            }
        } finally {
            Files.writeString(gatewayConfig, usual);
            reload();
        }
    }

    private static String quietly(String config) {
        return config.replace("[audit]", "[audit]\nfile = \"none\"");
    }

    private static String status() throws Exception {
        return Program.run(
                        TestBed.CLIENT.toString(),
                        "status",
                        "--home",
                        BED.clientHome().toString())
                .ok()
                .output();
    }

    private static Program.Result reload() throws Exception {
        return Program.run(
                TestBed.GATEWAY.toString(),
                "reload",
                "--home",
                BED.gatewayHome().toString());
    }

    private static void assertRefused(EchoDestination destination) {
        assertThatThrownBy(() -> BED.socks().connect(at(destination)))
                .isInstanceOfSatisfying(
                        Socks.Refused.class,
                        refused -> assertThat(refused.reply()).isEqualTo(2));
    }

    private static void assertEchoes(EchoDestination destination) throws IOException {
        try (Socket socket = BED.socks().connect(at(destination))) {
            assertEchoes(socket);
        }
    }

    private static void assertEchoes(Socket socket) throws IOException {
        socket.getOutputStream().write(7);
        assertThat(socket.getInputStream().read()).isEqualTo(7);
    }

    private static InetSocketAddress at(EchoDestination destination) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), destination.port());
    }
}
