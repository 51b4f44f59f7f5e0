package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Await;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.EchoDestination;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The gateway's key can be changed under running sessions; clients that were there follow, and one that was not is told what is wrong. */
class RotatedKeyTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final TestBed BED = TestBed.plain().over(1, 7);

    @Test
    void clientsFollowTheGatewayToItsNextKey() throws Exception {
        Path absent = BED.folder().resolve("absent");
        BED.login(absent, "bob");
        String first = setting("gateway");
        try (EchoDestination destination = EchoDestination.start();
                Socket stays = BED.socks().connect(destination.address())) {
            assertEchoes(stays);

            rotate();
            Await.until(
                    "the client knows the next key",
                    LIMIT,
                    () -> !setting("next-gateway").isEmpty());
            String next = setting("next-gateway");
            assertThat(BED.invite("carol")).contains("pin=" + first).contains("next=" + next);
            rotate("--finish");
            BED.gateway().awaitLog("key.changed", LIMIT);
            BED.link().cut();

            assertEchoes(stays);
            Await.until(
                    "the client knows only the new key",
                    LIMIT,
                    () -> setting("gateway").equals(next)
                            && setting("next-gateway").isEmpty());
        }

        try (Daemon late = run(absent, "absent-0.log")) {
            late.awaitLog("gateway.wrong_key .*changed its key while this client was away", LIMIT);
        }
    }

    /** A change that is called off is forgotten, also by a client that was away when that happened. */
    @Test
    void aChangeThatIsCalledOffIsForgottenByWhoWasThereAndByWhoWasAway() throws Exception {
        String present = setting("gateway");
        rotate();
        Await.until(
                "the client knows the next key",
                LIMIT,
                () -> !setting("next-gateway").isEmpty());
        Path other = BED.folder().resolve("other");
        BED.login(other, "dora");
        assertThat(setting(other, "next-gateway")).as("by the invitation").isNotEmpty();

        rotate("--cancel");

        Await.until(
                "the client that is there has forgotten it",
                LIMIT,
                () -> setting("next-gateway").isEmpty());
        assertThat(setting(other, "next-gateway")).isNotEmpty();
        try (Daemon back = run(other, "other-0.log")) {
            Await.until(
                    "the client that was away has forgotten it",
                    LIMIT,
                    () -> setting(other, "next-gateway").isEmpty());
            assertThat(back.stop()).isZero();
        }
        assertThat(setting("gateway")).isEqualTo(present);
        assertThat(setting(other, "gateway")).isEqualTo(present);
    }

    private static Daemon run(Path home, String log) throws Exception {
        return Daemon.start(
                home.getFileName().toString(),
                BED.folder().resolve(log),
                List.of(TestBed.CLIENT.toString(), "run", "--home", home.toString(), "-D", "127.0.0.1:" + Ports.free()),
                Map.of());
    }

    private static void rotate(String... options) throws Exception {
        String[] all = new String[options.length + 3];
        all[0] = "rotate-key";
        all[1] = "--home";
        all[2] = BED.gatewayHome().toString();
        System.arraycopy(options, 0, all, 3, options.length);
        Program.run(TestBed.GATEWAY.toString(), all).ok();
    }

    /** A setting of the client's file; empty if it is not there. */
    private static String setting(String name) throws IOException {
        return setting(BED.clientHome(), name);
    }

    private static String setting(Path home, String name) throws IOException {
        return Files.readAllLines(home.resolve("client.toml")).stream()
                .filter(line -> line.startsWith(name + " = "))
                .map(line -> line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
                .findFirst()
                .orElse("");
    }

    private static void assertEchoes(Socket socket) throws IOException {
        socket.getOutputStream().write(7);
        assertThat(socket.getInputStream().read()).isEqualTo(7);
    }
}
