package holdfast.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.TimeSpan;
import holdfast.identity.Identity;
import holdfast.identity.PrivateFiles;
import holdfast.protocol.Destination;
import holdfast.server.budget.DoorLimits;
import holdfast.server.budget.Limits;
import holdfast.server.budget.UserLimits;
import holdfast.server.policy.Rule;
import holdfast.server.policy.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GatewayConfigTest {
    private static final List<Destination> ADDRESSES = addresses("gw.example:7443", "192.0.2.1:443");

    @TempDir
    Path folder;

    @Test
    void aNewHomeIsPrivateAndItsConfigIsReadAsWritten() throws IOException {
        ServerHome home = new ServerHome(folder.resolve("holdfast/gateway"));

        Identity gateway = home.init(ADDRESSES, new SecureRandom());
        GatewayConfig config = GatewayConfig.read(home.config());

        assertThat(config.addresses()).isEqualTo(ADDRESSES);
        assertThat(config.rules().everyone()).isEqualTo(Rules.NONE);
        assertThat(config.rules().users()).isEmpty();
        assertThat(config.holding().usual()).isEqualTo(Duration.ofHours(24));
        assertThat(config.limits()).isEqualTo(Limits.DEFAULT);
        assertThat(home.identity().pin()).isEqualTo(gateway.pin());
        for (Path each : List.of(home.folder(), home.users(), home.invitations())) {
            assertThat(mode(each)).isEqualTo("rwx------");
        }
        for (Path each : List.of(home.key(), home.config())) {
            assertThat(mode(each)).isEqualTo("rw-------");
        }
    }

    @Test
    void whatTheNewConfigShowsAsCommentsIsTheDefault() throws IOException {
        String text = ConfigTemplate.text(ADDRESSES);
        String uncommented = text.replaceAll("(?m)^# (?=[a-z-]+ = |\\[users|\\[groups)", "");
        assertThat(uncommented).isNotEqualTo(text);

        GatewayConfig shown = GatewayConfig.parse(folder.resolve("gateway.toml"), uncommented);

        assertThat(shown.limits()).isEqualTo(Limits.DEFAULT);
        assertThat(shown.holding().usual()).isEqualTo(Duration.ofHours(24));
        assertThat(shown.listen()).map(Destination::toString).containsExactly("0.0.0.0:7443", "[0:0:0:0:0:0:0:0]:7443");
        assertThat(shown.rules().users()).containsOnlyKeys("alice");
    }

    @Test
    void aHomeIsNeverMadeTwice() throws IOException {
        ServerHome home = new ServerHome(folder.resolve("gateway"));
        Identity first = home.init(ADDRESSES, new SecureRandom());

        assertFatal(() -> home.init(ADDRESSES, new SecureRandom()), ExitCode.CANNOT_CREATE, home.key() + " exists");

        assertThat(home.identity().pin()).isEqualTo(first.pin());
        Files.delete(home.key());
        assertFatal(() -> home.init(ADDRESSES, new SecureRandom()), ExitCode.CANNOT_CREATE, home.config() + " exists");
    }

    @Test
    void aFolderWithoutAGatewayIsSaidToHaveNone() {
        assertFatal(
                () -> new ServerHome(folder).identity(),
                ExitCode.CONFIG,
                "there is no gateway in " + folder + "; make one with  proxy-server init --address HOST:PORT");
        assertFatal(() -> GatewayConfig.read(folder.resolve("gateway.toml")), ExitCode.CONFIG, "there is no ");
    }

    @Test
    void everySettingIsRead() {
        GatewayConfig config = parse("""
                addresses = ["gw.example:7443"]
                listen = ["127.0.0.1:7443", "[::]:7444"]
                allow = ["10.0.0.0/8",
                  "*.Corp.example:443"]
                deny = ["udp *"]
                allow-listen = ["10.77.100.1:1024-65535"]
                public-addresses = "closed"
                hold-time = "30m"
                [limits]
                sessions-per-user = 1
                streams-per-session = 2
                opens-per-second = 3
                joins-per-minute = 4
                [groups.staff]
                members = ["alice", "bob"]
                deny = ["connect 10.1.0.0/16"]
                public-addresses = "open"
                [users.alice]
                allow = ["192.168.1.5:22"]
                allow-listen = ["8080"]
                [users.alice.limits]
                streams-per-session = 9
                bandwidth = "1MB"
                monthly-quota = "2TB"
                """);

        assertThat(config.listen())
                .map(Destination::toString)
                .containsExactly("127.0.0.1:7443", "[0:0:0:0:0:0:0:0]:7444");
        assertThat(config.rules().everyone().rules())
                .map(Rule::toString)
                .containsExactly(
                        "allow 10.0.0.0/8",
                        "allow *.corp.example:443",
                        "deny udp *",
                        "allow-listen 10.77.100.1:1024-65535");
        assertThat(config.rules().everyone().rules().get(2).place()).isEqualTo(folder.resolve("gateway.toml") + ":5:9");
        assertThat(config.rules().everyone().publicOpen()).contains(false);
        assertThat(config.rules().groups().get("staff")).isNotNull().satisfies(staff -> {
            assertThat(staff.rules()).map(Rule::toString).containsExactly("deny connect 10.1.0.0/16");
            assertThat(staff.publicOpen()).contains(true);
        });
        assertThat(config.rules().groupsOf())
                .containsEntry("alice", Set.of("staff"))
                .containsKey("bob")
                .hasSize(2);
        assertThat(config.rules().users().get("alice"))
                .isNotNull()
                .satisfies(alice -> assertThat(alice.rules())
                        .map(Rule::toString)
                        .containsExactly("allow 192.168.1.5:22", "allow-listen 8080"));
        assertThat(config.holding().usual()).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.limits().door()).isEqualTo(DoorLimits.DEFAULT);
        assertThat(config.limits().of("bob")).isEqualTo(new UserLimits(1, 2, 3, 4, 600, 20_000, 0, 0));
        assertThat(config.limits().of("alice"))
                .isEqualTo(new UserLimits(1, 9, 3, 4, 600, 20_000, 1_000_000, 2_000_000_000_000L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gw.example:7443 | [0:0:0:0:0:0:0:0]:7443",
                "gw.example:7443 192.0.2.1:7443 [2001:db8::1]:443 | [0:0:0:0:0:0:0:0]:7443 [0:0:0:0:0:0:0:0]:443",
                "127.0.0.1:7443 | 127.0.0.1:7443",
                "127.0.0.1:7443 [::1]:7443 | 127.0.0.1:7443 [0:0:0:0:0:0:0:1]:7443",
                "127.0.0.1:7443 gw.example:7443 | [0:0:0:0:0:0:0:0]:7443",
                "127.0.0.1:7444 gw.example:7443 | 127.0.0.1:7444 [0:0:0:0:0:0:0:0]:7443"
            })
    void withoutListenItListensOnThePortsOfItsAddresses(String addresses, String listen) {
        assertThat(ListenAddress.defaultFor(addresses(addresses.split(" ", -1))))
                .map(Destination::toString)
                .containsExactly(listen.split(" ", -1));
    }

    @Test
    void theCommandLineReplacesListenersAndAddsRules() {
        GatewayConfig config = parse("addresses = [\"gw.example:7443\"]\nallow = [\"10.0.0.0/8\"]");

        GatewayConfig changed = config.with(List.of(ListenAddress.parse("127.0.0.1:0")), rules("192.168.0.0/16", "80"));

        assertThat(changed.listen()).map(Destination::toString).containsExactly("127.0.0.1:0");
        assertThat(changed.rules().everyone().rules())
                .map(Rule::toString)
                .containsExactly("allow 10.0.0.0/8", "allow 192.168.0.0/16", "allow-listen 80");
        assertThat(config.with(List.of(), Rules.NONE)).isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "addresses = ['gw']            | :1:14: 'addresses': 'gw' is not HOST:PORT",
                "addresses = ['gw:0']          | :1:14: 'addresses': 'gw:0': port 0 cannot be reached",
                "addresses = ['unix:/x']       | :1:14: 'addresses': 'unix:/x' is not HOST:PORT",
                "addresses = 'gw:1'            | :1:1: 'addresses' is a list of texts",
                "adresses = ['gw:1']           | :1:1: there is no setting 'adresses'; did you mean 'addresses'?",
                "listen = ['gw.example:1']     | :1:11: 'listen': 'gw.example:1' is not ADDRESS:PORT with an IP address",
                "allow = ['10.0.0.0/8', '10.0'] | :1:24: 'allow': '10.0' is not ADDRESS[/LENGTH][:PORTS]",
                "allow = ['10.0.0.0/8', 'lan'] | :1:24: 'allow': 'lan' is neither an address or range such as 10.0.0.0/8, nor a name",
                "allow = ['*.1.2']             | :1:10: 'allow': '*.1.2' is neither an address or range such as 10.0.0.0/8, nor a name",
                "deny = ['tcp *']              | :1:9: 'deny': 'tcp' is not one of connect, udp, bind, listen",
                "deny = ['udp,bind 80']        | :1:9: 'deny': 'udp,bind 80' is about destinations",
                "deny = ['a b c']              | :1:9: 'deny': 'a b c' is not [connect,udp,bind,listen ]WHAT[:PORTS]",
                "public-addresses = 'shut'     | :1:1: 'public-addresses': 'shut' is neither open nor closed",
                "[groups.'a b']                | :1:1: 'a b': 'a b' is not a group's name",
                "[groups.a] // member = ['x']    | :2:1: there is no setting 'groups.a.member'; did you mean 'groups.a.members'?",
                "allow = ['10.1.0.0/8']        | :1:10: 'allow': '10.1.0.0/8' is not ADDRESS[/LENGTH][:PORTS]",
                "allow-listen = ['10.0.0.1']   | :1:17: 'allow-listen': '10.0.0.1' is not [ADDRESS:]PORTS",
                "hold-time = 24                | :1:1: 'hold-time' is text in quotes, not a number",
                "hold-time = '1 day'           | :1:1: 'hold-time': '1 day' is not a time such as 90s, 30m, 24h or 7d",
                "limits = 5                    | :1:1: 'limits' is a table [limits], not a number",
                "[limits] // streams-per-session = 0 | :2:1: 'streams-per-session' is from 1 to 1000000, not 0",
                "[limits] // opens = 5         | :2:1: there is no setting 'limits.opens'",
                "[users] // alice = 5          | :2:1: 'alice' is a table [users.alice], not a number",
                "[users.'../x']                | :1:1: '../x': '../x' is not a user name",
                "[users.alice] // alow = []     | :2:1: there is no setting 'users.alice.alow'; did you mean 'users.alice.allow'?",
                "                              | : 'addresses' is missing",
            })
    void aMistakeIsReportedWithFileLineAndColumn(String text, String message) {
        String config = text == null ? "" : text.replace(" // ", "\n");
        assertFatal(() -> parse(config), ExitCode.CONFIG, folder.resolve("gateway.toml") + message);
    }

    @Test
    void everyMistakeOfAFileIsFoundAtOnce() throws IOException {
        Path file = folder.resolve("gateway.toml");
        PrivateFiles.write(file, """
                addresses = ["gw"]
                allow = ["10.0.0.0/8", "10.1", "::1"
                deny = ["udp 10.1"]
                hold-time = 5
                [limits
                opens = 5
                [users.alice]
                alow = []
                """);

        GatewayConfig.Checked checked = GatewayConfig.check(file);

        assertThat(checked.config()).isEmpty();
        assertThat(checked.mistakes())
                .map(Throwable::getMessage)
                .map(text -> text.substring(file.toString().length()))
                .satisfiesExactly(
                        text -> assertThat(text).startsWith(":3:1: ',' or ']' is expected"),
                        text -> assertThat(text).startsWith(":5:8: ']' is expected"),
                        text -> assertThat(text).startsWith(":1:14: 'addresses': 'gw' is not HOST:PORT"),
                        text -> assertThat(text).startsWith(":4:1: 'hold-time' is text in quotes"),
                        text -> assertThat(text).startsWith(":8:1: there is no setting 'users.alice.alow'"));
    }

    @ParameterizedTest
    @CsvSource({"90s, PT90S", "1s, PT1S", "30m, PT30M", "24h, PT24H", "7d, PT168H"})
    void timesAreReadAsPeopleWriteThem(String text, Duration time) {
        assertThat(TimeSpan.parse(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "24", "h", "0s", "-1h", "1.5h", "24 h", "24H", "9999999999s", "3651d", "999999999d"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> TimeSpan.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    private GatewayConfig parse(String text) {
        return GatewayConfig.parse(folder.resolve("gateway.toml"), text);
    }

    private static Rules rules(String allow, String listen) {
        return Rules.of(Rule.allow(allow), Rule.allowListen(listen, "test"));
    }

    private static List<Destination> addresses(String... texts) {
        return Stream.of(texts).map(Destination::parse).toList();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void assertFatal(ThrowingCallable call, ExitCode code, String message) {
        assertThatThrownBy(call)
                .hasMessageContaining(message)
                .asInstanceOf(type(FatalException.class))
                .extracting(FatalException::exitCode)
                .isEqualTo(code);
    }
}
