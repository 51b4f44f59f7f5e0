package holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import holdfast.identity.PrivateFiles;
import holdfast.identity.UnsafeFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void settingsAreReadByAskingForThem() {
        Settings settings = Settings.parse("x.toml", """
                # a comment
                name = "alice"        # another
                'quoted key' = 'C:\\temp'
                number = 1_000
                empty = []
                list = [ "a",   # in a list
                         "b", ]

                [limits]
                streams = 5
                [users.bob]
                allow = ["x"]
                """);

        assertThat(settings.text("name", Function.identity())).isEqualTo("alice");
        assertThat(settings.text("quoted key", Function.identity())).isEqualTo("C:\\temp");
        assertThat(settings.number("number", 1, 0, 2000)).isEqualTo(1000);
        assertThat(settings.list("empty", Function.identity())).isEmpty();
        assertThat(settings.list("list", text -> text.toUpperCase(Locale.ROOT))).containsExactly("A", "B");
        assertThat(settings.table("limits").number("streams", 1, 0, 10)).isEqualTo(5);
        Settings users = settings.table("users");
        assertThat(users.names(Function.identity())).containsExactly("bob");
        assertThat(users.table("bob").list("allow", Function.identity())).containsExactly("x");
        settings.done();
    }

    @Test
    void whatIsNotSetHasItsDefault() {
        Settings settings = Settings.parse("x.toml", "");

        assertThat(settings.text("name", Function.identity())).isNull();
        assertThat(settings.number("number", 7, 0, 10)).isEqualTo(7);
        assertThat(settings.list("list", Function.identity())).isEqualTo(List.of());
        assertThat(settings.table("limits").number("streams", 3, 0, 10)).isEqualTo(3);
        settings.done();
    }

    @Test
    void aMissingSettingThatIsNeededIsNamed() {
        assertFault("", settings -> settings.requiredText("user", Function.identity()), "x.toml: 'user' is missing");
    }

    @Test
    void aMisspeltKeyIsRefusedWithTheKeyThatWasProbablyMeant() {
        Consumer<Settings> reader = settings -> {
            settings.list("allow-listen", Function.identity());
            settings.table("limits").number("streams-per-session", 1, 0, 10);
            settings.done();
        };

        assertFault(
                "\n  alow-listen = []",
                reader,
                "x.toml:2:3: there is no setting 'alow-listen'; did you mean 'allow-listen'?");
        assertFault(
                "[limits]\nstream-per-session = 4",
                reader,
                "x.toml:2:1: there is no setting 'limits.stream-per-session'; did you mean 'limits.streams-per-session'?");
        assertFault("[limts]\n", reader, "x.toml:1:1: there is no setting 'limts'; did you mean 'limits'?");
        assertFault("password = 1", reader, "there is no setting 'password'; known are allow-listen, limits");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name = 5               | x.toml:1:1: 'name' is text in quotes, not a number",
                "name = true            | x.toml:1:1: 'name' is text in quotes, not true or false",
                "name = ['a']           | x.toml:1:1: 'name' is text in quotes, not a list",
                "[name]                 | x.toml:1:1: 'name' is text in quotes, not a table",
                "number = 'x'           | x.toml:1:1: 'number' is a whole number, not text",
                "number = 11            | x.toml:1:1: 'number' is from 0 to 10, not 11",
                "number = -1            | x.toml:1:1: 'number' is from 0 to 10, not -1",
                "list = 'a'             | x.toml:1:1: 'list' is a list of texts, [\"...\"], not text",
                "list = ['a', 5]        | x.toml:1:14: 'list' is text in quotes, not a number",
                "list = ['a', 'bad']    | x.toml:1:14: 'list': bad is bad",
                "limits = 5             | x.toml:1:1: 'limits' is a table [limits], not a number",
            })
    void aValueOfTheWrongKindIsRefusedWithItsPlace(String text, String message) {
        assertFault(
                text,
                settings -> {
                    settings.text("name", Function.identity());
                    settings.number("number", 1, 0, 10);
                    settings.list("list", SettingsTest::notBad);
                    settings.table("limits");
                    settings.done();
                },
                message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a =                    | x.toml:1:4: a value is expected",
                "a 5                    | x.toml:1:3: '=' is expected",
                "= 5                    | x.toml:1:1: a name is expected",
                "a = 5 6                | x.toml:1:7: the line has to end here",
                "a = abc                | x.toml:1:5: 'abc' is not a whole number, true or false; text stands in quotes",
                "a = 10.0.0.0           | x.toml:1:5: '10.0.0.0' is not a whole number",
                "a = 1.5                | '1.5' is not a whole number",
                "a = 05                 | '05' is not a whole number",
                "a = 0x10               | '0x10' is not a whole number",
                "a = 2026-11-21         | '2026-11-21' is not a whole number",
                "a = 99999999999999999999 | x.toml:1:5: the number 99999999999999999999 is too large",
                "a = \"x                | x.toml:1:7: the text has no closing \"",
                "a = 'x                 | x.toml:1:7: the text has no closing '",
                "a = \"\\q\"             | there is no escape \\q",
                "a = \"\\u12\"           | 4 hexadecimal digits",
                "a = \"\\ud800\"         | there is no such character",
                "a = \"\\U00110000\"     | there is no such character",
                "a = \"\"\"x\"\"\"       | text over several lines",
                "a = '''x'''            | text over several lines",
                "a = {b = 1}            | x.toml:1:5: write the table under a heading of its own",
                "a.b = 1                | x.toml:1:2: write this under a heading [a]",
                "[[a]]                  | x.toml:1:2: a list of tables has no meaning here",
                "[a                     | x.toml:1:3: ']' is expected",
                "[]                     | x.toml:1:2: a name is expected",
                "[a.]                   | x.toml:1:4: a name is expected",
                "[a] b = 1              | x.toml:1:5: the line has to end here",
                "a = [1 2]              | x.toml:1:8: ',' or ']' is expected in a list",
                "a = [,]                | x.toml:1:6: a value is expected",
                "a = [1                 | ',' or ']' is expected",
                "a = [[[[[[[[[1]]]]]]]]] | too many lists in lists",
            })
    void whatIsNotTomlIsRefusedWithItsPlace(String text, String message) {
        assertFault(text, settings -> {}, message);
    }

    @Test
    void whatIsThereTwiceIsRefused() {
        assertFault("a = 1\na = 2", settings -> {}, "x.toml:2:1: 'a' is already set in line 1");
        assertFault("[a]\n[b]\n[a]", settings -> {}, "x.toml:3:1: the table [a] is there twice");
        assertFault("a = 1\n[a]", settings -> {}, "x.toml:2:1: 'a' is a number in line 1");
        assertFault("[a.b]\n[a]\nb = 1", settings -> {}, "x.toml:3:1: 'b' is already set in line 1");
    }

    @Test
    void controlCharactersAreRefused() {
        assertFault("a = \"x\u001by\"", settings -> {}, "x.toml:1:7: a control character");
        assertFault("# x\u0000y", settings -> {}, "x.toml:1:4: a control character");
        assertFault("a = 1\r", settings -> {}, "x.toml:1:6: the line has to end here");
    }

    @Test
    void aConfigMayBeReadableByOthersButNotWritable() throws IOException {
        Path file = folder.resolve("x.toml");
        PrivateFiles.write(file, "a = 1");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(Settings.read(file).number("a", 0, 0, 9)).isEqualTo(1);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        assertThatThrownBy(() -> Settings.read(file))
                .isInstanceOf(UnsafeFileException.class)
                .hasMessage("%s can be changed by other users of this machine (mode 0664): run  chmod go-w %s"
                        .formatted(file, file));
    }

    @Test
    void aMissingConfigIsSaidToBeMissing() {
        assertThatThrownBy(() -> Settings.read(folder.resolve("none.toml"))).isInstanceOf(NoSuchFileException.class);
    }

    private static String notBad(String text) {
        if (text.equals("bad")) {
            throw new IllegalArgumentException("bad is bad");
        }
        return text;
    }

    private static void assertFault(String text, Consumer<Settings> reader, String message) {
        assertThatThrownBy(() -> reader.accept(Settings.parse("x.toml", text)))
                .hasMessageContaining(message)
                .asInstanceOf(type(FatalException.class))
                .extracting(FatalException::exitCode)
                .isEqualTo(ExitCode.CONFIG);
    }
}
