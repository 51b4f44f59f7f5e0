package holdfast.server.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import holdfast.identity.Pin;
import holdfast.identity.UnsafeFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UserDirectoryTest {
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

    @TempDir
    Path home;

    private Path folder;
    private UserDirectory users;

    @BeforeEach
    void open() throws IOException {
        folder = home.resolve("users");
        users = new UserDirectory(folder);
    }

    @Test
    void anEnrolledKeyBelongsToItsUser() throws IOException {
        assertThat(users.enrol("alice", key(1), "laptop", NOW)).isTrue();
        assertThat(users.enrol("alice", key(2), "", NOW)).isTrue();
        assertThat(users.enrol("bob", key(3), "phone", NOW)).isTrue();

        assertThat(users.userOf(key(1))).contains("alice");
        assertThat(users.userOf(key(2))).contains("alice");
        assertThat(users.lastKnownUserOf(key(3))).contains("bob");
        assertThat(users.userOf(key(4))).isEmpty();
        assertThat(users.users()).extracting(User::name).containsExactly("alice", "bob");
        assertThat(folder.resolve("alice.keys"))
                .hasContent("sha256:" + key(1) + " laptop 2026-11-21T09:00:00Z\n" + "sha256:" + key(2)
                        + " 2026-11-21T09:00:00Z\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("alice.keys"))))
                .isEqualTo("rw-------");
    }

    @Test
    void enrollingAKeyAgainChangesNothing() throws IOException {
        users.enrol("alice", key(1), "laptop", NOW);
        String before = Files.readString(folder.resolve("alice.keys"));

        assertThat(users.enrol("alice", key(1), "other", NOW.plusSeconds(5))).isTrue();

        assertThat(folder.resolve("alice.keys")).hasContent(before);
    }

    @Test
    void aKeyBelongsToOneUserOnly() throws IOException {
        users.enrol("alice", key(1), "", NOW);

        assertThat(users.enrol("bob", key(1), "", NOW)).isFalse();

        assertThat(users.userOf(key(1))).contains("alice");
        assertThat(folder.resolve("bob.keys")).doesNotExist();
    }

    @Test
    void aDisabledUserIsTurnedAwayAndCannotEnrolUntilHeIsEnabled() throws IOException {
        users.enrol("alice", key(1), "", NOW);

        assertThat(users.setDisabled("alice", true)).isTrue();
        assertThat(users.lastKnownUserOf(key(1))).isEmpty();
        assertThat(users.userOf(key(1))).isEmpty();
        assertThat(users.enrol("alice", key(2), "", NOW)).isFalse();
        assertThat(users.enrol("bob", key(1), "", NOW)).isFalse();
        assertThat(users.user("alice"))
                .hasValueSatisfying(user -> assertThat(user.disabled()).isTrue());

        assertThat(users.setDisabled("alice", false)).isTrue();
        assertThat(users.userOf(key(1))).contains("alice");
    }

    @Test
    void aRemovedUserIsForgottenAlsoThatHeWasDisabled() throws IOException {
        users.enrol("alice", key(1), "", NOW);
        users.setDisabled("alice", true);

        assertThat(users.remove("alice")).isTrue();

        assertThat(users.userOf(key(1))).isEmpty();
        assertThat(users.users()).isEmpty();
        assertThat(users.enrol("alice", key(1), "", NOW)).isTrue();
        assertThat(users.userOf(key(1))).contains("alice");
    }

    @Test
    void oneKeyCanBeTakenAwayFromAUser() throws IOException {
        users.enrol("alice", key(1), "lost", NOW);
        users.enrol("alice", key(2), "kept", NOW);

        assertThat(users.removeKey("alice", key(1))).isTrue();
        assertThat(users.removeKey("alice", key(1))).isFalse();
        assertThat(users.removeKey("bob", key(1))).isFalse();

        assertThat(users.userOf(key(1))).isEmpty();
        assertThat(users.userOf(key(2))).contains("alice");
    }

    @Test
    void anUnknownUserIsNeitherRemovedNorDisabled() throws IOException {
        assertThat(users.remove("alice")).isFalse();
        assertThat(users.setDisabled("alice", true)).isFalse();
        assertThat(users.setDisabled("alice", false)).isFalse();
    }

    @Test
    void whatAnotherProcessChangesIsSeen() throws IOException {
        UserDirectory other = new UserDirectory(folder);
        other.enrol("alice", key(1), "", NOW);
        assertThat(users.userOf(key(1))).contains("alice");

        other.enrol("alice", key(2), "", NOW);
        assertThat(users.refresh()).isTrue();
        assertThat(users.refresh()).isFalse();
        assertThat(users.lastKnownUserOf(key(2))).contains("alice");

        other.setDisabled("alice", true);
        assertThat(users.userOf(key(1))).isEmpty();
        other.setDisabled("alice", false);
        assertThat(users.userOf(key(1))).contains("alice");
        other.remove("alice");
        assertThat(users.userOf(key(1))).isEmpty();
    }

    @Test
    void aChangeInPlaceIsSeenByItsTime() throws IOException {
        users.enrol("alice", key(1), "", NOW);
        Path file = folder.resolve("alice.keys");
        assertThat(users.userOf(key(1))).contains("alice");

        String text = Files.readString(file);
        Files.writeString(
                file, text.replace(key(1).toString(), key(2).toString()), StandardOpenOption.TRUNCATE_EXISTING);
        Files.setLastModifiedTime(file, FileTime.from(NOW));

        assertThat(users.userOf(key(1))).isEmpty();
        assertThat(users.userOf(key(2))).contains("alice");
    }

    @Test
    void aFileMayBeWrittenByHand() throws IOException {
        Files.writeString(
                folder.resolve("alice.keys"),
                "# Alice's machines\r\n\n  sha256:" + key(1) + "\nsha256:" + key(2) + "  my old laptop \n" + "sha256:"
                        + key(3) + " x 2026-11-21T09:00:00Z");

        users.enrol("alice", key(4), "new", NOW);

        assertThat(users.user("alice").orElseThrow().devices())
                .extracting(Device::key, Device::comment)
                .containsExactly(
                        tuple(key(1), ""), tuple(key(2), "my_old_laptop"), tuple(key(3), "x"), tuple(key(4), "new"));
        assertThat(Files.readString(folder.resolve("alice.keys"))).startsWith("# Alice's machines\r\n");
    }

    @Test
    void aLineThatCannotBeReadLetsNobodyInAndTheOthersCount() throws IOException {
        Files.writeString(
                folder.resolve("alice.keys"),
                "ssh-ed25519 AAAA\nsha256:short\nsha256:" + key(1) + "x\nsha256:" + key(2) + "\n");

        assertThat(users.user("alice").orElseThrow().devices())
                .extracting(Device::key)
                .containsExactly(key(2));
    }

    @Test
    void aKeyInTheFilesOfTwoUsersIsTheFirstOnes() throws IOException {
        for (String name : new String[] {"bob", "alice"}) {
            Files.writeString(folder.resolve(name + ".keys"), "sha256:" + key(1) + "\n");
        }

        assertThat(users.userOf(key(1))).contains("alice");
        users.setDisabled("alice", true);
        assertThat(users.userOf(key(1))).isEmpty();
    }

    @Test
    void filesOfOtherNamesAreNoUsers() throws IOException {
        for (String name : new String[] {".hidden.keys", "a b.keys", "alice.keys~", "alice.txt", ".keys"}) {
            Files.writeString(folder.resolve(name), "sha256:" + key(1) + "\n");
        }

        assertThat(users.users()).isEmpty();
    }

    @Test
    void aFileThatOthersCanChangeLetsNobodyInUntilThatIsMended() throws IOException {
        users.enrol("alice", key(1), "", NOW);
        users.enrol("bob", key(2), "", NOW);
        Path file = folder.resolve("alice.keys");
        Files.writeString(file, "sha256:" + key(1) + "\nsha256:" + key(3) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));

        assertThat(users.userOf(key(1))).isEmpty();
        assertThat(users.userOf(key(2))).contains("bob");
        assertThatThrownBy(() -> new UserDirectory(folder))
                .isInstanceOf(UnsafeFileException.class)
                .hasMessageContaining("chmod go-w " + file);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(users.userOf(key(3))).contains("alice");
    }

    @Test
    void aFolderOpenToOthersIsRefused() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxr-x"));

        assertThatThrownBy(() -> new UserDirectory(folder))
                .isInstanceOf(UnsafeFileException.class)
                .hasMessageContaining("chmod 700 " + folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../alice", "a/b", "-a", "_a", ".a", "a b", "a\n", "ä", "a\u0000"})
    void aNameThatIsNoUserNameIsRefusedBeforeAnyFileIsTouched(String name) {
        assertThatThrownBy(() -> users.enrol(name, key(1), "", NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a user name");
        assertThatThrownBy(() -> users.remove(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> users.setDisabled(name, true)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "Alice", "alice.b_c-9", "0"})
    void namesOfLettersDigitsDotsUnderscoresAndHyphensAreUserNames(String name) throws IOException {
        assertThat(users.enrol(name, key(1), "", NOW)).isTrue();
        assertThat(users.enrol("a".repeat(64), key(2), "", NOW)).isTrue();
        assertThatThrownBy(() -> users.enrol("a".repeat(65), key(3), "", NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDevicesNameForItselfCannotAddALine() throws IOException {
        users.enrol("alice", key(1), "a\nsha256:" + key(2) + " \t\u001b[31mé\u202e" + "x".repeat(100), NOW);

        assertThat(users.userOf(key(2))).isEmpty();
        Device device = users.user("alice").orElseThrow().devices().get(0);
        assertThat(device.comment()).hasSize(64).startsWith("a_sha256:").doesNotContain(" ", "\n", "\u001b");
        assertThat(Device.parse(device.line())).isEqualTo(device);
    }

    @Test
    void keysThatEnrolAtTheSameTimeAreAllListed() throws Exception {
        List<UserDirectory> directories = List.of(users, new UserDirectory(folder), new UserDirectory(folder));
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Boolean>> enrolments = new ArrayList<>();
            for (int i = 0; i < 96; i++) {
                int number = i;
                enrolments.add(threads.submit(
                        () -> directories.get(number % 3).enrol("user" + number % 4, key(number), "device", NOW)));
            }
            for (Future<Boolean> each : enrolments) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }

        for (int i = 0; i < 96; i++) {
            assertThat(users.userOf(key(i))).contains("user" + i % 4);
        }
    }

    private static Pin key(int number) {
        return Pin.of(new byte[] {(byte) number, (byte) (number >> 8)});
    }
}
