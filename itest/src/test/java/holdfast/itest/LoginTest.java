package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Daemon;
import holdfast.itest.harness.Ports;
import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only who was invited gets in, and who does not get in is told what to do: by an exit code for scripts and by a message for people. */
class LoginTest {
    private static final int USAGE = 64;
    private static final int UNAVAILABLE = 69;
    private static final int CANNOT_CREATE = 73;
    private static final int REFUSED = 77;
    private static final int CONFIG = 78;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    static final TestBed BED = TestBed.plain();

    @TempDir
    Path folder;

    private Path home() {
        return folder.resolve("client");
    }

    private static Program.Result client(String... words) throws Exception {
        return Program.of(TestBed.CLIENT.toString(), words).limit(LIMIT).run();
    }

    private static Program.Result gateway(String... words) throws Exception {
        return Program.of(TestBed.GATEWAY.toString(), words).limit(LIMIT).run();
    }

    private Program.Result login(String url) throws Exception {
        return client("login", url, "--home", home().toString());
    }

    /** The code, and words that its message holds in any case. */
    private static void expect(int exitCode, Program.Result result, String... words) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        for (String word : words) {
            assertThat(result.errors()).containsIgnoringCase(word);
        }
        assertThat(result.errors()).doesNotContain("\tat ");
    }

    /** Another character in place of the first one behind {@code field=}. */
    private static String damaged(String url, String field) {
        int at = url.indexOf(field + "=") + field.length() + 1;
        // the first character of base64 holds only bits that mean something
        char other = url.charAt(at) == 'A' ? 'B' : 'A';
        return url.substring(0, at) + other + url.substring(at + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "login",
                "login nonsense",
                "login holdfast://127.0.0.1:1/",
                "run --no-such-option",
                "run -D nowhere:x",
                "no-such-command"
            })
    void aWrongCommandOfTheClientIsAUsageError(String words) throws Exception {
        expect(USAGE, client(words.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "init",
                "init --address nowhere",
                "invite",
                "invite ../x",
                "run --allow 1.2.3.4/33",
                "run --no-such-option",
                "no-such-command"
            })
    void aWrongCommandOfTheGatewayIsAUsageError(String words) throws Exception {
        String[] command = (words + " --home " + folder.resolve("gateway")).split(" ");
        expect(USAGE, gateway(command));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b", ".", ""})
    void aUsersNameIsNoPath(String name) throws Exception {
        expect(USAGE, gateway("invite", name, "--home", BED.gatewayHome().toString()));
    }

    @Test
    void anInvitationIsOneLineAndWorksOnce() throws Exception {
        Program.Result invited =
                gateway("invite", "bob", "--home", BED.gatewayHome().toString());
        assertThat(invited.ok().output()).matches("\\S+\\R");
        String url = invited.output().strip();

        login(url).ok();

        Program.Result again =
                client("login", url, "--home", folder.resolve("other").toString());
        expect(REFUSED, again, "invitation");
    }

    @Test
    void anotherKeyThanThePinnedOneIsRefused() throws Exception {
        expect(REFUSED, login(damaged(BED.invite("carol"), "pin")), "key");
    }

    @Test
    void aWrongCodeIsRefused() throws Exception {
        expect(REFUSED, login(damaged(BED.invite("dave"), "code")), "invitation");
    }

    @Test
    void anExpiredInvitationIsRefused() throws Exception {
        String url = BED.invite("erin");
        expect(REFUSED, login(url.replaceAll("expires=\\d+", "expires=1000000000")), "expired", "invitation");
    }

    @Test
    void aGatewayThatCannotBeReachedIsUnavailable() throws Exception {
        String url = BED.invite("frank").replace(":" + BED.gatewayPort(), ":" + Ports.free());
        expect(UNAVAILABLE, login(url), "127.0.0.1");
    }

    @Test
    void aRefusedLoginCanBeTriedAgainWithARightInvitation() throws Exception {
        expect(REFUSED, login(damaged(BED.invite("grace"), "code")));

        login(BED.invite("grace")).ok();
    }

    @Test
    void aKeyThatTheGatewayNoLongerKnowsIsToldSo() throws Exception {
        login(BED.invite("heidi")).ok();
        Files.delete(BED.gatewayHome().resolve("users").resolve("heidi.keys"));

        List<String> run = List.of(
                TestBed.CLIENT.toString(), "run", "--home", home().toString(), "-D", "127.0.0.1:" + Ports.free());
        try (Daemon client = Daemon.start("client", folder.resolve("client.log"), run, Map.of())) {
            client.awaitLog("refused.*does not know.*key.*invitation.*login", LIMIT);
            // the operator may bring the key back: the client goes on asking now and then
            assertThat(client.stop()).isZero();
        }
    }

    @Test
    void aClientThatNeverLoggedInIsToldToDoSo() throws Exception {
        expect(CONFIG, client("run", "--home", home().toString(), "-D", "127.0.0.1:" + Ports.free()), "login");
    }

    @Test
    void aGatewayWithoutAKeyIsToldToMakeOne() throws Exception {
        expect(CONFIG, gateway("run", "--home", home().toString()), "init");
    }

    @Test
    void aClientsKeyThatOthersCanReadIsNotUsed() throws Exception {
        login(BED.invite("ivan")).ok();
        open(home().resolve("client.key"));

        expect(
                CONFIG,
                client("run", "--home", home().toString(), "-D", "127.0.0.1:" + Ports.free()),
                "chmod",
                "client.key");
    }

    @Test
    void aGatewaysKeyThatOthersCanReadIsNotUsed() throws Exception {
        Path home = folder.resolve("gateway");
        gateway("init", "--home", home.toString(), "--address", "127.0.0.1:" + Ports.free())
                .ok();
        open(home.resolve("gateway.key"));

        expect(CONFIG, gateway("run", "--home", home.toString()), "chmod", "gateway.key");
    }

    private static void open(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    @Test
    void aBrokenConfigFileIsNamed() throws Exception {
        login(BED.invite("judy")).ok();
        Files.writeString(home().resolve("client.toml"), "addresses = [\n");

        expect(CONFIG, client("run", "--home", home().toString(), "-D", "127.0.0.1:" + Ports.free()), "client.toml");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        login(BED.invite("mallory")).ok();
        Path home = folder.resolve("gateway");
        try (ServerSocket taken = new ServerSocket(Ports.free(), 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            gateway("init", "--home", home.toString(), "--address", address).ok();

            expect(CANNOT_CREATE, client("run", "--home", home().toString(), "-D", address), address);
            expect(CANNOT_CREATE, gateway("run", "--home", home.toString()), address);
        }
    }

    @Test
    void aSecondInitKeepsTheKey() throws Exception {
        Path home = folder.resolve("gateway");
        gateway("init", "--home", home.toString(), "--address", "127.0.0.1:" + Ports.free())
                .ok();
        byte[] key = Files.readAllBytes(home.resolve("gateway.key"));

        Program.Result again = gateway("init", "--home", home.toString(), "--address", "127.0.0.1:" + Ports.free());

        assertThat(again.exitCode()).isNotZero();
        assertThat(home.resolve("gateway.key")).hasBinaryContent(key);
    }

    @Test
    void noSecretIsInALogOrAnArgumentList() throws Exception {
        String url = BED.invite("niaj");
        String code = url.replaceAll(".*code=([^,]+).*", "$1");
        login(url).ok();

        assertThat(BED.gateway().log()).doesNotContain(code).doesNotContain("PRIVATE");
        assertThat(BED.client().log()).doesNotContain("PRIVATE");
    }
}
