package holdfast.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PrivateFilesTest {
    private static final UserPrincipal MALLORY = () -> "mallory";

    @TempDir
    Path folder;

    @Test
    void aNewFileIsForItsOwnerOnly() throws IOException {
        Path file = folder.resolve("client.key");

        PrivateFiles.write(file, "secret");

        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(PrivateFiles.read(file, 100)).isEqualTo("secret");
    }

    @Test
    void aNewFolderAndThoseAboveItAreForTheirOwnerOnly() throws IOException {
        Path home = folder.resolve("config/holdfast/client");

        PrivateFiles.createFolder(home);

        assertThat(mode(home)).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("config/holdfast"))).isEqualTo("rwx------");
    }

    @Test
    void writingAgainReplacesTheWholeFileAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("client.toml");
        PrivateFiles.write(file, "a long first content");

        PrivateFiles.write(file, "short");

        assertThat(PrivateFiles.read(file, 100)).isEqualTo("short");
        assertThat(namesIn(folder)).containsExactly("client.toml");
    }

    @Test
    void aWriteThatFailsLeavesNothingBehind() throws IOException {
        Path taken = folder.resolve("client.toml");
        Files.createDirectories(taken.resolve("not-empty"));

        assertThatThrownBy(() -> PrivateFiles.write(taken, "text")).isInstanceOf(IOException.class);

        assertThat(namesIn(folder)).containsExactly("client.toml");
    }

    @Test
    void writingReplacesASymbolicLinkInsteadOfWritingThroughIt() throws IOException {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "untouched");
        Path link = Files.createSymbolicLink(folder.resolve("session"), elsewhere);

        PrivateFiles.write(link, "mine");

        assertThat(elsewhere).hasContent("untouched");
        assertThat(link).isRegularFile().hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw-r--r--", "rw-----w-", "rw--w----", "rw------x", "rwxrwxrwx"})
    void aFileOpenToOthersIsRefused(String mode) throws IOException {
        Path file = fileWithMode(mode);

        assertThatThrownBy(() -> PrivateFiles.read(file, 100)).isInstanceOf(UnsafeFileException.class);
    }

    @Test
    void theRefusalNamesTheFileTheModeAndTheChmodThatMendsIt() throws IOException {
        Path file = fileWithMode("rw-r--r--");

        assertThatThrownBy(() -> PrivateFiles.requirePrivate(file))
                .hasMessage("%s is open to other users of this machine (mode 0644): run  chmod 600 %s"
                        .formatted(file, file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "rwx------"})
    void aFileOfItsOwnerOnlyIsAccepted(String mode) throws IOException {
        PrivateFiles.requirePrivate(fileWithMode(mode));
    }

    @Test
    void theChmodOfAPathWithBlanksCanBePasted() throws IOException {
        Path home = Files.createDirectory(folder.resolve("Application Support's"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(() -> PrivateFiles.createFolder(home))
                .isInstanceOf(UnsafeFileException.class)
                .hasMessageContaining("(mode 0755)")
                .hasMessageEndingWith("chmod 700 '%s/Application Support'\\''s'", folder);
    }

    @Test
    void aFileOfSomebodyElseIsRefusedWithTheChownThatMendsIt() throws IOException {
        Path file = fileWithMode("rw-------");
        String owner = Files.getOwner(file).getName();

        assertThatThrownBy(() -> PrivateFiles.check(file, new Owner(MALLORY)))
                .isInstanceOf(UnsafeFileException.class)
                .hasMessage("%s belongs to user %s, not to mallory who runs this program: run  chown mallory %s"
                        .formatted(file, owner, file));
    }

    @Test
    void aFolderIsNotTakenForAFileNorAFileForAFolder() throws IOException {
        Path file = fileWithMode("rw-------");

        assertThatThrownBy(() -> PrivateFiles.requirePrivate(folder)).hasMessageContaining("is not a regular file");
        assertThatThrownBy(() -> PrivateFiles.createFolder(file)).isInstanceOf(IOException.class);
    }

    @Test
    void whatIsMissingIsSaidToBeMissing() {
        assertThatThrownBy(() -> PrivateFiles.read(folder.resolve("none"), 10)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> PrivateFiles.requirePrivateFolder(folder.resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws IOException {
        Path file = folder.resolve("large");
        PrivateFiles.write(file, "x".repeat(101));

        assertThatThrownBy(() -> PrivateFiles.read(file, 100)).hasMessageContaining("has 101 bytes");
    }

    @Test
    void theModeIsWrittenAsChmodTakesIt() {
        assertThat(PrivateFiles.octal(PosixFilePermissions.fromString("rwxr-x--x")))
                .isEqualTo("0751");
        assertThat(PrivateFiles.octal(PosixFilePermissions.fromString("-w-rwx-w-")))
                .isEqualTo("0272");
    }

    private Path fileWithMode(String mode) throws IOException {
        Path file = folder.resolve("file");
        PrivateFiles.write(file, "content");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<String> namesIn(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(folder)) {
            entries.forEach(each -> names.add(each.getFileName().toString()));
        }
        return names;
    }
}
