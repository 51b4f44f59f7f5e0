package holdfast.client.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import holdfast.client.door.ListenAddress;
import holdfast.client.opening.Credentials;
import holdfast.client.opening.OpenMode;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.identity.Identity;
import holdfast.identity.Pin;
import holdfast.identity.PrivateFiles;
import holdfast.identity.UnsafeFileException;
import holdfast.protocol.Destination;
import holdfast.protocol.SessionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientHomeTest {
    private static final Pin GATEWAY = Pin.of(new byte[] {1});
    private static final Account ALICE =
            new Account("alice", GATEWAY, addresses("gw.example:7443", "[2001:db8::1]:443"));
    private static final SessionId ID = SessionId.of(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, -1});

    @TempDir
    Path folder;

    private ClientHome home;

    @BeforeEach
    void home() {
        home = new ClientHome(folder.resolve("holdfast/client"));
    }

    @Test
    void theKeyIsMadeOnceAndThenKept() throws IOException {
        Identity first = home.createIdentity(new SecureRandom());

        assertThat(home.createIdentity(new SecureRandom()).pin()).isEqualTo(first.pin());
        assertThat(home.identity().pin()).isEqualTo(first.pin());
        assertThat(Files.getPosixFilePermissions(home.folder()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(home.key())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aKeyThatCannotBeUsedIsNotReplaced() throws IOException {
        home.createIdentity(new SecureRandom());
        PrivateFiles.write(home.key(), "damaged");

        assertFatal(() -> home.createIdentity(new SecureRandom()), home.key() + " is not a usable key file");

        assertThat(home.key()).hasContent("damaged");
    }

    @Test
    void addressesAndADomainAreAddedToAnAccountAndWhatTheUserWroteStays() throws IOException {
        home.createIdentity(new SecureRandom());
        ALICE.write(home.config());
        Files.writeString(home.config(), Files.readString(home.config()) + "\n[run]\nlisten = ['127.0.0.1:1']\n");

        home.change(account -> account.withFurther(addresses("gw.example:7443", "gw2.example:443"))
                .withDomain(Optional.of("example")));

        assertThat(home.account().addresses())
                .isEqualTo(addresses("gw.example:7443", "[2001:db8::1]:443", "gw2.example:443"));
        assertThat(home.account().domain()).contains("example");
        assertThat(home.runSettings().listen()).hasSize(1);
    }

    @Test
    void aNewKeyOfTheGatewayIsWrittenBesideWhatWasChangedMeanwhile() throws IOException {
        home.createIdentity(new SecureRandom());
        ALICE.write(home.config());
        GatewayKeys keys = new GatewayKeys(home, home.account());
        home.change(account -> account.withFurther(addresses("gw2.example:443")));
        Pin next = Pin.of(new byte[] {2});

        keys.announced(next.toString());

        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (home.account().next().isEmpty()) {
            assertThat(deadline - System.nanoTime()).isPositive();
            Thread.onSpinWait();
        }
        assertThat(home.account().next()).contains(next);
        assertThat(home.account().addresses())
                .contains(addresses("gw2.example:443").get(0));
    }

    @Test
    void anAccountIsReadAsWritten() throws IOException {
        home.createIdentity(new SecureRandom());

        ALICE.write(home.config());

        assertThat(home.account()).isEqualTo(ALICE);
    }

    @Test
    void aClientThatHasNotLoggedInIsToldHowTo() throws IOException {
        String message =
                "this client has not logged in to a gateway yet (its home is %s); do it with  proxy-client login URL"
                        .formatted(home.folder());
        assertFatal(() -> home.identity(), message);
        assertFatal(() -> home.account(), message);
        home.createIdentity(new SecureRandom());
        assertFatal(() -> home.account(), message);
    }

    @Test
    void aHomeOpenToOthersIsRefused() throws IOException {
        home.createIdentity(new SecureRandom());
        ALICE.write(home.config());
        Files.setPosixFilePermissions(home.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(() -> home.account())
                .isInstanceOf(UnsafeFileException.class)
                .hasMessageContaining("(mode 0755): run  chmod 700 " + home.folder());
        assertThatThrownBy(() -> home.createIdentity(new SecureRandom())).isInstanceOf(UnsafeFileException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "user = '../x' | :1:1: 'user': '../x' is not a user name",
                "user = 'a' // gateway = 'x' | :2:1: 'gateway': a pin has 43 characters, this one has 1",
                "user = 'a' // gateway = 'PIN' | : 'addresses' is missing",
                "user = 'a' // gateway = 'PIN' // addresses = ['gw'] | :3:14: 'addresses': 'gw' is not HOST:PORT",
                "user = 'a' // gateway = 'PIN' // adresses = ['gw:1'] | :3:1: there is no setting 'adresses'; did you"
                        + " mean 'addresses'?",
                "gateway = 'PIN' | : 'user' is missing",
                "user = 'a | :1:10: the text has no closing '",
            })
    void aMistakeInTheAccountIsReportedWithItsPlace(String text, String message) throws IOException {
        PrivateFiles.createFolder(home.folder());
        PrivateFiles.write(home.config(), text.replace(" // ", "\n").replace("PIN", GATEWAY.toString()));

        assertFatal(() -> home.account(), home.config() + message);
    }

    @Test
    void whatARunIsToDoIsReadFromTheFile() throws IOException {
        write("[run]\nlisten = ['1081']\nlocal = ['8080:web.example:80']\nopen = 'confirm'\n");

        RunSettings run = home.runSettings();

        assertThat(run.listen()).containsExactly(ListenAddress.parse("127.0.0.1:1081"));
        assertThat(run.local()).containsExactly(ForwardSpec.local("8080:web.example:80"));
        assertThat(run.open()).isEqualTo(OpenMode.CONFIRM);
        assertThat(run.remote()).isEmpty();
        assertThat(run.passwordFile()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "lokal = ['1:a:2'] | :5:1: there is no setting 'run.lokal'; did you mean 'run.local'?",
                "local = ['1:a'] | :5:10: 'local': '1:a' is not [BIND:]PORT:HOST:HOSTPORT",
                "listen = 1080 | :5:1: 'listen' is a list of texts",
                "open = 'slow' | :5:1: 'open': 'slow' is none of auto, fast, confirm",
                "allow-users = ['no such user'] | :5:16: 'allow-users': there is no user 'no such user'",
            })
    void aMistakeInARunIsReportedWithItsPlace(String line, String message) throws IOException {
        write("[run]\n" + line + "\n");

        assertFatal(() -> home.account(), home.config() + message);
    }

    @Test
    void loggingInAgainLeavesTheUsersOwnSettingsAlone() throws IOException {
        write("# mine\n[run]\n# why\nlisten = ['1081']\n");

        new Account("bob", GATEWAY, ALICE.addresses()).write(home.config());

        assertThat(home.account().user()).isEqualTo("bob");
        assertThat(Files.readString(home.config())).endsWith("\n[run]\n# why\nlisten = ['1081']\n");
    }

    private void write(String own) throws IOException {
        PrivateFiles.createFolder(home.folder());
        PrivateFiles.write(
                home.config(), "user = 'alice'\ngateway = '" + GATEWAY + "'\naddresses = ['gw.example:7443']\n" + own);
    }

    @Test
    void theSessionIsRememberedUntilItIsForgotten() throws IOException {
        try (SessionFile file = sessionFile()) {
            assertThat(file.previous()).isEmpty();
            file.remember(SessionId.of(new byte[16]));
            file.remember(ID);
        }
        assertThat(home.session()).hasContent("000102030405060708090a0b0c0d0eff\n");
        assertThat(Files.getPosixFilePermissions(home.session()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (SessionFile file = sessionFile()) {
            assertThat(file.previous()).contains(ID);
            file.forget();
        }
        try (SessionFile file = sessionFile()) {
            assertThat(file.previous()).isEmpty();
        }
        assertThat(home.session()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "zz0102030405060708090a0b0c0d0eff", "000102030405060708090a0b0c0d0eff00"})
    void aDamagedSessionFileIsAsGoodAsNone(String text) throws IOException {
        PrivateFiles.createFolder(home.folder());
        PrivateFiles.write(home.session(), text);

        try (SessionFile file = sessionFile()) {
            assertThat(file.previous()).isEmpty();
        }
    }

    @Test
    void aSessionThatCannotBeWrittenIsNoFault() {
        SessionFile file = new SessionFile(folder.resolve("missing/session"));
        file.remember(ID);
        file.forget();
        file.close();

        file.remember(ID);

        assertThat(file.previous()).isEmpty();
    }

    @Test
    void aPasswordIsTakenFromAPrivateFile() throws IOException {
        Path file = folder.resolve("password");
        PrivateFiles.write(file, "alice:pass:word\n");

        Credentials credentials = PasswordFile.read(file);

        assertThat(credentials.match(bytes("alice"), bytes("pass:word"))).isTrue();
        assertThat(credentials.match(bytes("alice"), bytes("pass"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alice", "alice:", ":secret", "alice:secret\nbob:secret"})
    void aFileWithoutAPasswordIsRefusedWithoutShowingIt(String text) throws IOException {
        Path file = folder.resolve("password");
        PrivateFiles.write(file, text);

        assertThatThrownBy(() -> PasswordFile.read(file))
                .hasMessageStartingWith("cannot take the password from " + file)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aPasswordThatOthersCanReadIsRefused() throws IOException {
        Path file = folder.resolve("password");
        PrivateFiles.write(file, "alice:secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> PasswordFile.read(file)).isInstanceOf(UnsafeFileException.class);
        assertFatal(() -> PasswordFile.read(folder.resolve("none")), "cannot take the password from ");
    }

    private SessionFile sessionFile() throws IOException {
        PrivateFiles.createFolder(home.folder());
        return new SessionFile(home.session());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<Destination> addresses(String... texts) {
        return Stream.of(texts).map(Destination::parse).toList();
    }

    private static void assertFatal(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .hasMessageContaining(message)
                .asInstanceOf(type(FatalException.class))
                .extracting(FatalException::exitCode)
                .isEqualTo(ExitCode.CONFIG);
    }
}
