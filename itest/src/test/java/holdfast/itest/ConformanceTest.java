package holdfast.itest;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.itest.harness.Program;
import holdfast.itest.harness.TestBed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Both programs as they are packaged give the exact answer in every dialogue of the SOCKS table, with real destinations, datagrams and peers. */
class ConformanceTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** The table is among the client's tests, which need nothing but the JDK when they run as a program. */
    private static final Path TABLE =
            Path.of(System.getProperty("holdfast.conformance", "../proxy-client/target/test-classes"));

    @RegisterExtension
    static final TestBed BED = TestBed.plain()
            .gateway("--allow", "127.0.0.0/8", "--allow-listen", "1024-65535")
            .client("--open", "confirm");

    @Test
    void everyDialogueGoesAsTheTableSays() throws Exception {
        assertThat(play("127.0.0.1:" + BED.socksPort()))
                .contains("ok       UDP: ", "ok       live BIND: ")
                .doesNotContain("DIFFERS")
                .endsWith("230 of 230 as expected\n");
    }

    @Test
    void everyLoginGoesAsTheTableSays() throws Exception {
        Path password = BED.folder().resolve("password");
        Files.createFile(password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, "me:secret\n");
        try (TestBed guarded = TestBed.plain()
                .client("--open", "confirm", "--password-file", password.toString())
                .start()) {
            assertThat(play("127.0.0.1:" + guarded.socksPort(), "me", "secret"))
                    .doesNotContain("DIFFERS")
                    .endsWith("28 of 28 as expected\n");
        }
    }

    private static String play(String... arguments) throws Exception {
        String[] command = {
            "-Dholdfast.patience.millis=20000", "-cp", TABLE.toString(), "holdfast.client.conformance.SocksConformance"
        };
        String[] all = new String[command.length + arguments.length];
        System.arraycopy(command, 0, all, 0, command.length);
        System.arraycopy(arguments, 0, all, command.length, arguments.length);
        return Program.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), all)
                .limit(LIMIT)
                .run()
                .output();
    }
}
