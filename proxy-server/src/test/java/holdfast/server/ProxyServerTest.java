package holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.console.ControlSocket;
import holdfast.console.Program;
import holdfast.identity.Identity;
import holdfast.identity.Invitation;
import holdfast.identity.Pin;
import holdfast.identity.PrivateFiles;
import holdfast.server.users.UserDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class ProxyServerTest {
    private static final Pin KEY = Pin.of(new byte[] {1});

    @TempDir
    Path folder;

    private String out = "";
    private String err = "";

    @Test
    void initMakesAHomeAndTellsItsKey() throws IOException {
        assertThat(run("init", "--address", "gw.example:7443,192.0.2.1:443", "--address", "[2001:db8::1]:443"))
                .isZero();

        assertThat(out)
                .contains(
                        "The gateway's home is " + home(),
                        Identity.load(home().resolve("gateway.key")).pin().toString());
        assertThat(home().resolve("gateway.toml"))
                .content()
                .contains("addresses = [\"gw.example:7443\", \"192.0.2.1:443\", \"[2001:db8:0:0:0:0:0:1]:443\"]");
        assertThat(err).isEmpty();
    }

    @Test
    void initDoesNotTouchAHomeThatIsThere() {
        init();

        assertThat(run("init", "--address", "other.example:1")).isEqualTo(73);

        assertThat(err)
                .startsWith("proxy-server: there is already a gateway here: ")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "init | Missing required option: '--address=HOST:PORT'",
                "init --address gw | Invalid value for option '--address' (HOST:PORT): 'gw' is not HOST:PORT",
                "init --address gw:0 | 'gw:0': port 0 cannot be reached",
                "init --address gw:1 --adress gw:1 | Unknown option",
                "invite | Missing required parameter: 'NAME'",
                "invite ../x | '../x' is not a user name: 1 to 64 letters",
                "invite alice --expires soon | 'soon' is not a time such as 90s, 30m, 24h or 7d",
                "invite alice --uses 0 | --uses: a code has 1 to 10000 uses, not 0",
                "invite alice --uses many | 'many' is not an int",
                "run --listen gw.example:1 | 'gw.example:1' is not ADDRESS:PORT with an IP address",
                "run --allow lan | 'lan' is neither an address or range such as 10.0.0.0/8, nor a name",
                "run --allow-listen 10.0.0.1 | '10.0.0.1' is not [ADDRESS:]PORTS",
                "run --transport fast | expected one of",
                "run --tls none | expected one of",
                "run --log-format xml | expected one of",
                "user show | Missing required parameter: 'NAME'",
                "user show nobody | there is no user 'nobody' with a device",
                "user remove nobody | there is no user 'nobody' with a device",
                "user remove nobody --key x | a pin has 43 characters",
                "user disable nobody | there is no user 'nobody' with a device",
                "dance | Unmatched argument"
            })
    void aMistakeOnTheCommandLineIsUsage(String arguments, String message) {
        init();

        assertThat(run(arguments.split(" ", -1))).isEqualTo(64);

        assertThat(err).startsWith("proxy-server: ").contains(message);
        assertThat(out).isEmpty();
    }

    @Test
    void everyMistakeInTheHomeIsShownWithItsPlace() throws IOException {
        init();
        Path config = home().resolve("gateway.toml");
        Path keys = home().resolve("users/alice.keys");
        PrivateFiles.write(config, "addresses = ['gw:1']\n[limits]\nopens = 5\n[users.alice]\nalow = []\n");
        PrivateFiles.write(keys, "# laptop\n  sha256:x\n");

        assertThat(run("check")).isEqualTo(78);

        assertThat(out).isEmpty();
        assertThat(err.lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(config + ":")
                                .contains("there is no setting 'limits.opens'"),
                        line -> assertThat(line)
                                .startsWith(config + ":")
                                .endsWith("there is no setting 'users.alice.alow'; did you mean 'users.alice.allow'?"),
                        line -> assertThat(line).startsWith(keys + ":2:3: a pin has 43 characters"),
                        line -> assertThat(line).isEqualTo("proxy-server: 3 mistakes"));
    }

    @Test
    void aHomeWithoutMistakesIsShownAsWhatItComesTo() throws IOException {
        init();
        Path config = home().resolve("gateway.toml");
        String text = Files.readString(config);
        PrivateFiles.write(config, text + "[groups.ops]\nmembers = [\"bob\"]\nallow = [\"10.5.0.0/16:22\"]\n");
        int line = (int) text.lines().count() + 3;

        assertThat(run("check")).isZero();

        assertThat(out)
                .contains("group ops: bob")
                .contains("allow 10.5.0.0/16:22 ")
                .contains(config + ":" + line + ":10");
        assertThat(err).isEmpty();
    }

    @Test
    void whyNamesTheRuleThatDecides() throws IOException {
        init();
        Path config = home().resolve("gateway.toml");
        String text = Files.readString(config);
        PrivateFiles.write(
                config, text + "[groups.ops]\nmembers = [\"bob\"]\nallow = [\"10.5.0.0/16:22\"]\ndeny = [\"udp *\"]\n");
        int line = (int) text.lines().count() + 3;

        assertThat(run("why", "bob", "10.5.1.2:22")).isZero();
        assertThat(out)
                .isEqualTo("allowed  bob  connect  10.5.1.2:22\n  allow 10.5.0.0/16:22\n  rule at " + config + ":"
                        + line + ":10\n");
        assertThat(run("why", "bob", "8.8.8.8:53", "--kind", "udp")).isEqualTo(77);
        assertThat(out).contains("deny udp *").contains("rule at " + config + ":" + (line + 1) + ":9");
        assertThat(run("why", "alice", "10.5.1.2:22")).isEqualTo(77);
        assertThat(out).contains("closed unless the gateway has  --allow 10.5.1.2:22  or  --allow 10.0.0.0/8");
        assertThat(err).contains("There is no user 'alice' with a device yet");
    }

    @Test
    void aReloadNeedsAGatewayThatRuns() {
        init();

        assertThat(run("reload")).isEqualTo(69);
    }

    @Test
    void anInvitationIntoAGroupPutsTheUserThere() throws IOException {
        init();
        Path config = home().resolve("gateway.toml");
        PrivateFiles.write(config, Files.readString(config) + "[groups.ops]\n");

        assertThat(run("invite", "carol", "--group", "opps")).isEqualTo(64);
        assertThat(err).contains("there is no group 'opps' in gateway.toml; there are ops");
        assertThat(run("invite", "carol", "--group", "ops", "--expires", "2h", "--uses", "3"))
                .isZero();

        assertThat(Files.readString(home().resolve("users/carol.groups"))).isEqualTo("ops\n");
    }

    @Test
    void withoutACommandItSaysSo() {
        assertThat(execute()).isEqualTo(64);
        assertThat(err).contains("proxy-server: Missing required subcommand", "Try  proxy-server --help");
        assertThat(execute("user")).isEqualTo(64);
        assertThat(err).contains("proxy-server: Missing required subcommand", "Try  proxy-server user --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"invite alice", "run", "user list", "user show alice"})
    void aFolderWithoutAGatewayIsAFaultOfTheConfiguration(String arguments) {
        assertThat(run(arguments.split(" ", -1))).isEqualTo(78);

        assertThat(err)
                .isEqualToIgnoringNewLines("proxy-server: there is no gateway in " + home()
                        + "; make one with  proxy-server init --address HOST:PORT");
    }

    @Test
    void invitePrintsOnlyTheUrl() throws IOException {
        init();
        Instant before = Instant.now();

        assertThat(run("invite", "alice")).isZero();

        assertThat(out).endsWith(System.lineSeparator()).hasLineCount(1);
        assertThat(err).isEmpty();
        Invitation invitation = Invitation.parse(out);
        assertThat(invitation.user()).isEqualTo("alice");
        assertThat(invitation.addresses()).map(Object::toString).containsExactly("gw.example:7443");
        assertThat(invitation.gateway())
                .isEqualTo(Identity.load(home().resolve("gateway.key")).pin());
        assertThat(invitation.expiry())
                .isBetween(
                        before.plus(Duration.ofHours(24)).minusSeconds(1),
                        Instant.now().plus(Duration.ofHours(24)));
    }

    @Test
    void anInvitationLivesAsLongAsItIsTold() {
        init();

        assertThat(run("invite", "alice", "--expires", "30m", "--uses", "5")).isZero();

        assertThat(Invitation.parse(out).expiry()).isBefore(Instant.now().plus(Duration.ofMinutes(31)));
    }

    @Test
    void usersAreListedShownDisabledEnabledAndRemoved() throws IOException {
        init();
        UserDirectory users = new UserDirectory(home().resolve("users"));
        users.enrol("alice", KEY, "laptop", Instant.parse("2026-11-21T09:00:00Z"));
        users.enrol("alice", Pin.of(new byte[] {2}), "phone", Instant.parse("2026-11-21T09:00:00Z"));
        users.enrol("bob", Pin.of(new byte[] {3}), "", Instant.parse("2026-11-21T09:00:00Z"));

        run("user", "list");
        assertThat(out.lines()).containsExactly("alice  2 devices", "bob  1 device");
        run("user", "show", "alice");
        assertThat(out.lines())
                .containsExactly(
                        "alice",
                        "  " + KEY + "  2026-11-21T09:00:00Z  laptop",
                        "  " + Pin.of(new byte[] {2}) + "  2026-11-21T09:00:00Z  phone");

        assertThat(run("user", "remove", "alice", "--key", KEY.toString())).isZero();
        assertThat(users.userOf(KEY)).isEmpty();
        assertThat(run("user", "remove", "alice", "--key", KEY.toString())).isEqualTo(64);

        assertThat(run("user", "disable", "bob")).isZero();
        run("user", "list");
        assertThat(out.lines()).containsExactly("alice  1 device", "bob  1 device  disabled");
        assertThat(run("invite", "bob")).isEqualTo(78);
        assertThat(err).contains("proxy-server user enable bob");
        assertThat(run("user", "enable", "bob")).isZero();
        assertThat(run("invite", "bob")).isZero();

        assertThat(run("user", "remove", "bob")).isZero();
        assertThat(users.user("bob")).isEmpty();
    }

    @Test
    void removingAUserTakesBackHisInvitations() throws IOException {
        init();
        new UserDirectory(home().resolve("users")).enrol("alice", KEY, "", Instant.EPOCH);
        run("invite", "alice");
        run("invite", "bob");

        run("user", "remove", "alice");

        try (var files = Files.list(home().resolve("invitations"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void usersAreShownToProgramsAsJson() throws IOException {
        init();
        run("user", "list", "--json");
        assertThat(out).isEqualToIgnoringNewLines("[]");
        new UserDirectory(home().resolve("users")).enrol("alice", KEY, "laptop", Instant.parse("2026-11-21T09:00:00Z"));

        String alice = "{\"user\":\"alice\",\"disabled\":false,\"groups\":[],\"devices\":[{\"key\":\"" + KEY
                + "\",\"comment\":\"laptop\",\"enrolled_at\":\"2026-11-21T09:00:00Z\"}]}";
        run("user", "list", "--json");
        assertThat(out).isEqualToIgnoringNewLines("[" + alice + "]");
        run("user", "show", "alice", "--json");
        assertThat(out).isEqualToIgnoringNewLines(alice);
    }

    @Test
    void statusAsksTheRunningGateway() {
        init();
        try (ControlSocket socket = ControlSocket.open(
                "proxy-server", home().resolve("gateway.sock"), command -> "answer to " + command + "\n")) {
            assertThat(run("status")).isZero();
            assertThat(out).isEqualToIgnoringNewLines("answer to status");
            assertThat(run("status", "--json")).isZero();
            assertThat(out).isEqualToIgnoringNewLines("answer to status --json");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void statusOfAGatewayThatDoesNotRunSaysHowToStartIt() {
        init();

        assertThat(run("status")).isEqualTo(69);

        assertThat(err)
                .isEqualToIgnoringNewLines("proxy-server: no proxy-server is running with the home " + home()
                        + "; start it with  proxy-server run");
    }

    @Test
    void aKeyOpenToOthersIsRefusedWithTheChmodThatMendsIt() throws IOException {
        init();
        Path key = home().resolve("gateway.key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        for (String command : new String[] {"run", "invite alice"}) {
            assertThat(run(command.split(" ", -1))).isEqualTo(78);
            assertThat(err).contains("proxy-server: " + key).contains("(mode 0644): run  chmod 600 " + key);
        }
    }

    @Test
    void aMistakeInTheConfigIsShownWithItsPlace() throws IOException {
        init();
        Path config = home().resolve("gateway.toml");
        Files.writeString(config, Files.readString(config) + "\nalow = []\n");

        assertThat(run("run")).isEqualTo(78);

        assertThat(err).containsPattern("proxy-server: .*gateway.toml:[0-9]+:1: there is no setting '.*alow'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "init", "invite", "run", "user", "user list", "user show", "user remove", "status"})
    void everyCommandHasHelpThatFitsAndNamesItsOptions(String command) {
        List<String> arguments = new ArrayList<>(command.isEmpty() ? List.of() : List.of(command.split(" ", -1)));
        arguments.add("--help");

        assertThat(execute(arguments.toArray(new String[0]))).isZero();

        assertThat(out)
                .startsWith("Usage: proxy-server" + (command.isEmpty() ? "" : " " + command))
                .contains("-h, --help");
        assertThat(out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }

    @Test
    void theVersionIsTold() {
        assertThat(execute("--version")).isZero();
        assertThat(out).startsWith("proxy-server 0.1.0").contains("Java ");
    }

    private Path home() {
        return folder.resolve("gateway");
    }

    private void init() {
        assertThat(run("init", "--address", "gw.example:7443")).isZero();
        out = "";
    }

    /** Runs a command with this test's home. */
    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--home");
        all.add(home().toString());
        return execute(all.toArray(new String[0]));
    }

    private int execute(String... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        CommandLine commandLine =
                ProxyServer.commandLine().setOut(new PrintWriter(outText, true)).setErr(new PrintWriter(errText, true));
        int code = Program.run(commandLine, arguments);
        out = outText.toString();
        err = errText.toString();
        return code;
    }
}
