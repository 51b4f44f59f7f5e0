package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Bindings;
import holdfast.itest.harness.BoundServer;
import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.Scram;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A program can bind its login to its connection through both programs, and nobody else can use that: no other program, connection, user or gateway. */
class ChannelBindingTest {
    private static final Duration READY_LIMIT = Duration.ofSeconds(30);

    private static final String MISMATCH = "e=channel-bindings-dont-match";

    @RegisterExtension
    static final TestBed BED = TestBed.plain().over(1, 7);

    private static BoundServer server;

    @BeforeAll
    static void introduceUsersToTheServer() throws Exception {
        server = BoundServer.start();
        Path config = BED.gatewayHome().resolve("gateway.toml");
        Files.writeString(
                config, "proxy-header = [\"127.0.0.1:" + server.port() + " v2 binding\"]\n" + Files.readString(config));
        Program.run(
                        TestBed.GATEWAY.toString(),
                        "reload",
                        "--home",
                        BED.gatewayHome().toString())
                .ok();
    }

    @AfterAll
    static void close() throws Exception {
        server.close();
    }

    @Test
    void aProgramLogsInBoundToItsConnectionAndTheServerLearnsTheUser() throws Exception {
        try (Socket connection = connect(BED.socks())) {
            byte[] binding = Bindings.of(BED.clientHome(), connection);

            assertThat(Scram.login(connection, binding)).isEqualTo(Scram.WELCOME);
            assertThat(server.next()).isEqualTo(new BoundServer.Visit("alice", "127.0.0.1", true));
        }
    }

    @Test
    void aForwardedPortHasItsBindingToo() throws Exception {
        int forwarded = Ports.free();
        BED.client().stop();
        BED.client("-L", forwarded + ":127.0.0.1:" + server.port());
        BED.startClient();
        try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), forwarded)) {
            byte[] binding = Bindings.of(BED.clientHome(), connection);

            assertThat(Scram.login(connection, binding)).isEqualTo(Scram.WELCOME);
            assertThat(server.next()).isEqualTo(new BoundServer.Visit("alice", "127.0.0.1", true));
        }
    }

    @Test
    void theBindingStaysTheSameWhenThePathIsLost() throws Exception {
        try (Socket connection = connect(BED.socks())) {
            byte[] before = Bindings.of(BED.clientHome(), connection);

            BED.link().cut();

            assertThat(Scram.login(connection, before)).isEqualTo(Scram.WELCOME);
            assertThat(server.next().loggedIn()).isTrue();
            assertThat(Bindings.of(BED.clientHome(), connection)).isEqualTo(before);
        }
    }

    @Test
    void aLabelMakesAnotherValueEachOfWhichStaysTheSame() throws Exception {
        try (Socket connection = connect(BED.socks())) {
            String local = Bindings.local(connection);

            String plain = Bindings.ask(BED.clientHome(), local);
            String imap = Bindings.ask(BED.clientHome(), local + " imap");

            assertThat(imap).matches("ok\n[0-9a-f]{64}\n").isNotEqualTo(plain);
            assertThat(Bindings.ask(BED.clientHome(), local + " imap")).isEqualTo(imap);
            assertThat(Bindings.ask(BED.clientHome(), local + " smtp")).isNotEqualTo(imap);
        }
    }

    @Test
    void aSecondProgramIsNotTold() throws Exception {
        try (Socket connection = connect(BED.socks())) {
            Program.Result refused = Program.run(
                    TestBed.CLIENT.toString(),
                    "binding",
                    "--local",
                    Bindings.local(connection),
                    "--home",
                    BED.clientHome().toString());

            assertThat(refused.exitCode()).isEqualTo(64);
            assertThat(refused.output()).isEmpty();
            assertThat(refused.errors()).contains("only a process that has it open is told its binding");
        }
    }

    @Test
    void aScriptIsToldByTheCommandIfItHandsItsSocketDown() throws Exception {
        assertThat(script("inherit").ok().output()).matches("[0-9a-f]{64}\n");
        assertThat(script("alone").exitCode()).isEqualTo(64);
    }

    @Test
    void theBindingOfAnotherConnectionDoesNotDo() throws Exception {
        try (Socket connection = connect(BED.socks());
                Socket other = connect(BED.socks())) {
            byte[] foreign = Bindings.of(BED.clientHome(), other);

            assertThat(Scram.login(connection, foreign)).isEqualTo(MISMATCH);
            assertThat(server.next().loggedIn()).isFalse();
        }
    }

    @Test
    void theBindingOfAnotherUserDoesNotDo() throws Exception {
        Path home = BED.folder().resolve("bob");
        BED.login(home, "bob");
        int port = Ports.free();
        try (Daemon bob = client("bob", home, "-D", "127.0.0.1:" + port);
                Socket bobs = connect(new Socks(port));
                Socket alices = connect(BED.socks())) {
            byte[] foreign = Bindings.of(home, bobs);

            assertThat(Scram.login(alices, foreign)).isEqualTo(MISMATCH);
            assertThat(server.next()).isEqualTo(new BoundServer.Visit("alice", "127.0.0.1", false));
            assertThat(Scram.login(bobs, foreign)).isEqualTo(Scram.WELCOME);
            assertThat(server.next().user()).isEqualTo("bob");
            assertThat(bob.stop()).isZero();
        }
    }

    /** Mallory runs a gateway of his own, which the victim has logged in to, and passes the login on as a user of the real one. */
    @Test
    void aGatewayThatPassesTheLoginOnDoesNotGetIn() throws Exception {
        Path home = BED.folder().resolve("mallory");
        BED.login(home, "mallory");
        int forward = Ports.free();
        try (Daemon mallory = client(
                        "mallory",
                        home,
                        "-D",
                        "127.0.0.1:" + Ports.free(),
                        "-L",
                        "127.0.0.1:" + forward + ":127.0.0.1:" + server.port());
                TestBed evil = TestBed.plain().start();
                Socket victim =
                        evil.socks().connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), forward))) {
            byte[] binding = Bindings.of(evil.clientHome(), victim);

            assertThat(Scram.login(victim, binding)).isEqualTo(MISMATCH);
            assertThat(server.next()).isEqualTo(new BoundServer.Visit("mallory", "127.0.0.1", false));
            assertThat(mallory.stop()).isZero();
        }
    }

    private static Socket connect(Socks socks) throws Exception {
        return socks.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    }

    private static Program.Result script(String how) throws Exception {
        return Program.run(
                "python3",
                Path.of("src/test/python/bound.py").toAbsolutePath().toString(),
                String.valueOf(BED.socksPort()),
                String.valueOf(server.port()),
                how,
                TestBed.CLIENT.toString(),
                BED.clientHome().toString());
    }

    private static Daemon client(String name, Path home, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(TestBed.CLIENT.toString(), "run", "--home", home.toString()));
        command.addAll(List.of(options));
        return Daemon.start(name, BED.folder().resolve(name + ".out"), command, Map.of())
                .awaitLog("(?m)^.*\\bready\\b.*$", READY_LIMIT);
    }
}
