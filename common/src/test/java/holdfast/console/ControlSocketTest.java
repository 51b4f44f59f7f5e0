package holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import holdfast.testing.ChildJvm;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlSocketTest {
    @TempDir
    Path folder;

    @Test
    void aRunningProgramAnswers() {
        try (ControlSocket socket = open(command -> "you said " + command + "\nand é")) {
            assertThat(ask("status --json")).isEqualTo("you said status --json\nand é");
            assertThat(ask("again")).startsWith("you said again");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void onlyItsOwnerMayAsk() throws IOException {
        try (ControlSocket socket = open(command -> "")) {
            assertThat(Files.getPosixFilePermissions(path())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void aLargeAnswerArrivesWhole() {
        String large = "0123456789".repeat(500_000);
        try (ControlSocket socket = open(command -> large)) {
            assertThat(ask("status")).isEqualTo(large);
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void anUnknownCommandIsAUsageError() {
        try (ControlSocket socket = open(command -> {
            throw new IllegalArgumentException("there is no command '" + command + "'");
        })) {
            assertFatal(() -> ask("dance"), ExitCode.USAGE, "proxy-test answers: there is no command 'dance'");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void aFaultInTheAnswerDoesNotEndTheSocket() {
        try (ControlSocket socket = open(command -> {
            if (command.equals("break")) {
                throw new IllegalStateException("broken");
            }
            return "fine";
        })) {
            assertFatal(() -> ask("break"), ExitCode.USAGE, "a fault in the program");
            assertThat(ask("status")).isEqualTo("fine");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void whenNothingRunsTheMessageSaysHowToStartIt() {
        String expected = "no proxy-test is running with the home " + folder + "; start it with  proxy-test run";

        assertFatal(() -> ask("status"), ExitCode.UNAVAILABLE, expected);

        ControlSocket socket = open(command -> "");
        socket.close();
        assertFatal(() -> ask("status"), ExitCode.UNAVAILABLE, expected);
        assertThat(path()).doesNotExist();
    }

    @Test
    void theSocketOfAProcessThatWasKilledIsTakenOver() throws Exception {
        try (ChildJvm child = ChildJvm.start(Running.class, path().toString())) {
            assertThat(child.readLine()).isEqualTo("running");
            child.kill();
        }
        assertThat(path()).exists();
        assertFatal(() -> ask("status"), ExitCode.UNAVAILABLE, "no proxy-test is running");

        try (ControlSocket socket = open(command -> "mine")) {
            assertThat(ask("status")).isEqualTo("mine");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void aSecondProgramWithTheSameHomeIsRefusedAndTheFirstGoesOn() throws Exception {
        try (ChildJvm child = ChildJvm.start(Running.class, path().toString())) {
            assertThat(child.readLine()).isEqualTo("running");

            assertFatal(
                    () -> open(command -> "mine").close(),
                    ExitCode.CANNOT_CREATE,
                    "another proxy-test is running with the home " + folder);

            assertThat(ask("status")).isEqualTo("theirs");
        }
    }

    @Test
    void theSameHoldsWithinOneProcess() {
        try (ControlSocket first = open(command -> "first")) {
            assertFatal(
                    () -> open(command -> "second").close(), ExitCode.CANNOT_CREATE, "another proxy-test is running");
            assertThat(ask("status")).isEqualTo("first");
            assertThat(first).isNotNull();
        }
        open(command -> "second").close();
    }

    @Test
    void aRequestThatIsTooLongOrNeverEndsDoesNotKeepOthersFromAsking() throws IOException {
        try (ControlSocket socket = open(command -> "fine")) {
            try (SocketChannel silent = connect();
                    SocketChannel flooding = connect()) {
                flooding.write(ByteBuffer.wrap("x".repeat(2000).getBytes(StandardCharsets.US_ASCII)));
                assertThat(ask("status")).isEqualTo("fine");
                assertThat(silent.isOpen()).isTrue();
            }
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void aProgramThatDoesNotAnswerIsReported() throws IOException {
        try (ServerSocketChannel stuck = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stuck.bind(UnixDomainSocketAddress.of(path()));

            assertFatal(
                    () -> ControlClient.ask("proxy-test", path(), "status", Duration.ofMillis(50)),
                    ExitCode.UNAVAILABLE,
                    "proxy-test is running but has not answered");
        }
    }

    @Test
    void aHomeThatIsTooDeepForASocketIsReportedWithTheWayOut() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("d".repeat(120)));

        assertFatal(
                () -> ControlSocket.open("proxy-test", deep.resolve("test.sock"), command -> "")
                        .close(),
                ExitCode.CONFIG,
                "use a shorter --home than " + deep);
    }

    /** Answers until it is killed. */
    static final class Running {
        private Running() {}

        public static void main(String[] arguments) throws InterruptedException {
            ControlSocket socket = ControlSocket.open("proxy-test", Path.of(arguments[0]), command -> "theirs");
            System.out.println("running");
            StopSignal.await();
            socket.close();
        }
    }

    private Path path() {
        return folder.resolve("test.sock");
    }

    private ControlSocket open(ControlHandler handler) {
        return ControlSocket.open("proxy-test", path(), handler);
    }

    private String ask(String command) {
        return ControlClient.ask("proxy-test", path(), command);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path()));
    }

    private static void assertFatal(ThrowingCallable call, ExitCode code, String message) {
        assertThatThrownBy(call)
                .hasMessageContaining(message)
                .asInstanceOf(type(FatalException.class))
                .extracting(FatalException::exitCode)
                .isEqualTo(code);
    }
}
