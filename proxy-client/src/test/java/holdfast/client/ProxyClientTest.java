package holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.client.config.Account;
import holdfast.client.config.ClientHome;
import holdfast.console.ControlSocket;
import holdfast.console.Program;
import holdfast.identity.Invitation;
import holdfast.identity.Pin;
import holdfast.identity.PrivateFiles;
import holdfast.protocol.Destination;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class ProxyClientTest {
    private static final List<Destination> ADDRESSES = List.of(Destination.parse("gw.example:7443"));
    private static final Pin GATEWAY = Pin.of(new byte[] {1});
    private static final String CODE = "SecretSecretSecret";

    @TempDir
    Path folder;

    private String out = "";
    private String err = "";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "login | Missing required parameter: 'URL'",
                "login https://example | this is not a whole invitation: an invitation starts with holdfast://",
                "login holdfast://gw.example:7443/user=alice | this is not a whole invitation: the invitation has no 'pin'",
                "login holdfast://gw.example:7443/ --device | Missing required parameter",
                "run -D | Missing required parameter",
                "run -D 70000 | '70000': port '70000' is not a number from 0 to 65535",
                "run -D gw.example:1080 | 'gw.example' is not an address to listen at",
                "run -L 8080:host | '8080:host' is not [BIND:]PORT:HOST:HOSTPORT; write an IPv6 address as [ADDRESS]",
                "run -R gw.example:8080 | 'gw.example' is not an address of the gateway to listen at",
                "-W=gw.example | 'gw.example' is not HOST:PORT",
                "-W=gw.example:0 | 'gw.example:0' is not HOST:PORT, with a port from 1 to 65535",
                "-W=/tmp/socket | '/tmp/socket' is not HOST:PORT",
                "run --open slowly | expected one of",
                "run --transport fast | expected one of",
                "run --tls none | expected one of",
                "exec | Missing required parameter: 'COMMAND'",
                "run --redirect /tmp/x | '/tmp/x' is not [BIND:]PORT",
                "run --dns 99999 | '99999': port '99999' is not a number from 0 to 65535",
                "run extra | Unmatched argument",
                "dance | Unmatched argument"
            })
    void aMistakeOnTheCommandLineIsUsage(String arguments, String message) {
        assertThat(run(arguments.split(" ", -1))).isEqualTo(64);

        assertThat(err).startsWith("proxy-client: ").contains(message);
        assertThat(out).isEmpty();
        assertThat(home().folder()).doesNotExist();
    }

    @Test
    void anExpiredInvitationIsRefusedWithWhatToDo() {
        Instant expiry = Instant.ofEpochSecond(1_700_000_000);
        String url = new Invitation(ADDRESSES, GATEWAY, "alice", CODE, expiry).toUrl();

        assertThat(run("login", url)).isEqualTo(77);

        assertThat(err)
                .startsWith("proxy-client: the invitation expired at 2023-11-14T22:13:20Z (it is ")
                .contains("ask for a new one:  proxy-server invite alice")
                .doesNotContain(CODE);
        assertThat(home().folder()).doesNotExist();
    }

    @Test
    void aDamagedInvitationIsReportedWithoutItsCode() {
        String url = new Invitation(ADDRESSES, GATEWAY, "alice", CODE, Instant.ofEpochSecond(4_000_000_000L))
                .toUrl()
                .replace("pin=", "pni=");

        assertThat(run("login", url)).isEqualTo(64);

        assertThat(err).contains("the invitation has no 'pin'").doesNotContain(CODE);
    }

    @Test
    void whoHasNotLoggedInIsToldHowTo() {
        assertThat(run("run")).isEqualTo(78);

        assertThat(err)
                .isEqualToIgnoringNewLines("proxy-client: this client has not logged in to a gateway yet (its home is "
                        + home().folder() + "); do it with  proxy-client login URL");
    }

    @Test
    void aKeyOpenToOthersIsRefusedWithTheChmodThatMendsIt() throws IOException {
        logIn();
        Files.setPosixFilePermissions(home().key(), PosixFilePermissions.fromString("rw-r-----"));

        assertThat(run("run")).isEqualTo(78);

        assertThat(err).contains("(mode 0640): run  chmod 600 " + home().key());
    }

    @Test
    void aPasswordFileOpenToOthersIsRefused() throws IOException {
        logIn();
        Path password = folder.resolve("password");
        PrivateFiles.write(password, "alice:secret");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(run("run", "--password-file", password.toString())).isEqualTo(78);

        assertThat(err).contains("chmod 600 " + password).doesNotContain("secret");
    }

    @Test
    void statusAsksTheRunningClient() throws IOException {
        logIn();
        try (ControlSocket socket =
                ControlSocket.open("proxy-client", home().socket(), command -> "answer to " + command + "\n")) {
            assertThat(run("status")).isZero();
            assertThat(out).isEqualToIgnoringNewLines("answer to status");
            assertThat(run("status", "--json")).isZero();
            assertThat(out).isEqualToIgnoringNewLines("answer to status --json");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void statusOfAClientThatDoesNotRunSaysHowToStartIt() {
        assertThat(run("status")).isEqualTo(69);

        assertThat(err)
                .isEqualToIgnoringNewLines("proxy-client: no proxy-client is running with the home " + home().folder()
                        + "; start it with  proxy-client run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "login", "run", "status", "exec", "environment", "redirect-rules"})
    void everyCommandHasHelpThatFitsAndNamesItsOptions(String command) {
        List<String> arguments = new ArrayList<>(command.isEmpty() ? List.of() : List.of(command));
        arguments.add("--help");

        assertThat(execute(arguments.toArray(new String[0]))).isZero();

        assertThat(out)
                .startsWith("Usage: proxy-client" + (command.isEmpty() ? "" : " " + command))
                .contains("-h, --help");
        assertThat(out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }

    @Test
    void execWritesAScriptThatHidesNothingOfTheCommand() throws IOException {
        logIn();
        try (ControlSocket socket = ControlSocket.open(
                "proxy-client", home().socket(), command -> command.equals("doors") ? "127.0.0.1:1080" : "")) {
            assertThat(run("exec", "--no-proxy", ".example,localhost", "curl", "--home", "it's \n$x"))
                    .isZero();

            assertThat(out)
                    .startsWith("#!exec\n")
                    .contains("export http_proxy='http://127.0.0.1:1080'\n")
                    .contains("export ALL_PROXY='socks5h://127.0.0.1:1080'\n")
                    .contains("export NO_PROXY='.example,localhost'\n")
                    .contains("-DsocksProxyHost=127.0.0.1 -DsocksProxyPort=1080 ")
                    .contains("-Dhttp.nonProxyHosts=*.example|localhost'\n")
                    .endsWith("exec 'curl' '--home' 'it'\\''s \n$x'\n");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void execNeedsADoorThatAsksForNoPassword() throws IOException {
        logIn();
        try (ControlSocket socket = ControlSocket.open("proxy-client", home().socket(), command -> "")) {
            assertThat(run("exec", "curl")).isEqualTo(78);

            assertThat(err).contains("start one with  -D 127.0.0.1:PORT");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void rulesTurnThePortsOfTheCommandLineOrOfTheFileAndLeaveTheGatewayAlone() throws IOException {
        home().createIdentity(new SecureRandom());
        new Account("alice", GATEWAY, List.of(Destination.parse("192.0.2.1:7443"))).write(home().config());

        assertThat(run("redirect-rules")).isEqualTo(64);
        assertThat(err).contains("nothing is to be turned: name the ports");
        assertThat(run("redirect-rules", "--redirect", "1081", "--dns", "1053")).isZero();
        assertThat(out)
                .contains("-d 192.0.2.1 --dport 7443 -j RETURN")
                .contains("--to-ports 1081")
                .contains("--to-ports 1053");
        Files.writeString(home().config(), Files.readString(home().config()) + "\n[run]\ntproxy = ['1082']\n");
        assertThat(run("redirect-rules", "--tool", "nft")).isZero();
        assertThat(out).contains("tproxy ip to 127.0.0.1:1082");
    }

    @Test
    void theVersionIsTold() {
        assertThat(execute("--version")).isZero();
        assertThat(out).startsWith("proxy-client 0.1.0");
    }

    private ClientHome home() {
        return new ClientHome(folder.resolve("client"));
    }

    private void logIn() throws IOException {
        home().createIdentity(new SecureRandom());
        new Account("alice", GATEWAY, ADDRESSES).write(home().config());
    }

    /** Runs a command with this test's home. */
    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--home", home().folder().toString()));
        all.addAll(0, List.of(arguments).subList(0, 1));
        all.addAll(List.of(arguments).subList(1, arguments.length));
        return execute(all.toArray(new String[0]));
    }

    private int execute(String... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        CommandLine commandLine =
                ProxyClient.commandLine().setOut(new PrintWriter(outText, true)).setErr(new PrintWriter(errText, true));
        int code = Program.run(commandLine, arguments);
        out = outText.toString();
        err = errText.toString();
        return code;
    }
}
