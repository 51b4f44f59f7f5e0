package holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.identity.PrivateFiles;
import holdfast.testing.ChildJvm;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

final class ProgramTest {
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void successIsZeroAndSilent() {
        assertThat(run(() -> 0)).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aFatalExceptionIsOneLineAndItsCode() {
        int code = run(() -> {
            throw new FatalException(ExitCode.REFUSED, "the code is not known");
        });

        assertThat(code).isEqualTo(77);
        assertThat(err.toString()).isEqualToIgnoringNewLines("proxy-test: the code is not known");
    }

    @Test
    void aWrongOptionIsUsageAndPointsToTheHelp() {
        assertThat(run(() -> 0, "--colour", "blue")).isEqualTo(64);
        assertThat(err.toString()).contains("proxy-test: Unknown option", "Try  proxy-test --help");
    }

    @Test
    void aWrongValueIsUsage() {
        assertThat(run(() -> 0, "--number", "many")).isEqualTo(64);
        assertThat(err.toString()).contains("'many' is not an int");
    }

    @Test
    void aKeyOpenToOthersIsAFaultOfTheConfiguration() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        int code = run(() -> {
            PrivateFiles.requirePrivate(key);
            return 0;
        });

        assertThat(code).isEqualTo(78);
        assertThat(err.toString()).contains("run  chmod 600 " + key);
    }

    @Test
    void aFileThatCannotBeUsedIsNamed() {
        int code = run(() -> {
            throw new NoSuchFileException("/x/client.key");
        });

        assertThat(code).isEqualTo(73);
        assertThat(err.toString()).isEqualToIgnoringNewLines("proxy-test: there is no /x/client.key");
    }

    @Test
    void aFaultOfTheProgramShowsItsTrace() {
        int code = run(() -> {
            throw new IllegalStateException("broken");
        });

        assertThat(code).isEqualTo(70);
        assertThat(err.toString()).contains("a fault of the program itself", "IllegalStateException: broken");
    }

    @Test
    void aProgramAskedToEndCleansUpAndEndsWithZero() throws Exception {
        try (ChildJvm child = ChildJvm.start(Serving.class, "serve")) {
            assertThat(child.readLine()).isEqualTo("ready");

            child.terminate();

            assertThat(child.readLine()).isEqualTo("cleaned up");
            assertThat(child.exitCode()).isZero();
        }
    }

    @Test
    void aProgramThatFailsWhileItServesEndsWithItsOwnCode() throws Exception {
        try (ChildJvm child = ChildJvm.start(Serving.class, "fail")) {
            assertThat(child.exitCode()).isEqualTo(73);
        }
    }

    @Test
    void aProgramThatDoesNotCleanUpInTimeIsEndedAllTheSame() throws Exception {
        try (ChildJvm child = ChildJvm.start(Serving.class, "hang")) {
            assertThat(child.readLine()).isEqualTo("ready");

            child.terminate();

            assertThat(child.exitCode()).isZero();
        }
    }

    /** What a main does, in three ways. */
    static final class Serving {
        private Serving() {}

        public static void main(String[] arguments) {
            Program.main(new CommandLine(new TestCommand(() -> serve(arguments[0]))));
        }

        private static int serve(String how) throws InterruptedException {
            StopSignal.install(how.equals("hang") ? 100 : 30_000);
            if (how.equals("fail")) {
                throw new FatalException(ExitCode.CANNOT_CREATE, "(expected) the port is taken");
            }
            System.out.println("ready");
            StopSignal.await();
            if (how.equals("hang")) {
                Thread.sleep(600_000);
            }
            System.out.println("cleaned up");
            return 0;
        }
    }

    @Command(name = "proxy-test", mixinStandardHelpOptions = true)
    static final class TestCommand implements Callable<Integer> {
        private final Callable<Integer> body;

        @Option(names = "--number")
        private int number;

        TestCommand(Callable<Integer> body) {
            this.body = body;
        }

        @Override
        public Integer call() throws Exception {
            return body.call() + number;
        }
    }

    private int run(Callable<Integer> body, String... arguments) {
        return Program.run(new CommandLine(new TestCommand(body)).setErr(new PrintWriter(err, true)), arguments);
    }
}
