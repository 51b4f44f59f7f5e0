package holdfast.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import holdfast.transport.TransportKind;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every way to end against every other, over sockets and two relays. What an end sees must be what the other did: all bytes and an end of file, or a
 * true beginning of them and a reset, never an end of file behind less than all.
 */
final class RelayMatrixTest {
    @ParameterizedTest
    @CsvSource({"EPOLL, 10", "EPOLL, 1500000", "NIO, 10", "NIO, 1500000"})
    void whatOneEndDoesIsWhatTheOtherSees(TransportKind kind, int bytes) throws Exception {
        try (RelayRig rig = new RelayRig(kind)) {
            for (Ending program : Ending.values()) {
                for (Ending destination : Ending.values()) {
                    if (program == Ending.LISTENS_THEN_SPEAKS && destination == program) {
                        continue; // They would wait for each other for ever.
                    }
                    assertTimeoutPreemptively(
                            Duration.ofSeconds(30),
                            () -> exchange(rig, program, destination, bytes),
                            () -> program + " / " + destination + " does not end");
                }
            }
        }
    }

    private static void exchange(RelayRig rig, Ending program, Ending destination, int bytes) throws Exception {
        String name = program + " / " + destination;
        int fromProgram = program.speaks() ? bytes : 0;
        int fromDestination = destination.speaks() ? bytes : 0;
        Ending.Exchange near = new Ending.Exchange(1, fromProgram, 2, fromDestination);
        Ending.Exchange far = new Ending.Exchange(2, fromDestination, 1, fromProgram);
        try (RelayRig.Connection connection = rig.connect().relayed()) {
            Thread there = far.inBackground(() -> {
                destination.act(connection.destination, far);
                return null;
            });
            program.act(connection.program, near);
            there.join();
            check(name + ", program", program, destination, near, fromDestination);
            check(name + ", destination", destination, program, far, fromProgram);

            connection.closeSockets();
            assertThat(connection.isOver())
                    .as(name + ": the relays' sockets are closed")
                    .isTrue();
        }
    }

    private static void check(String name, Ending own, Ending other, Ending.Exchange seen, int said) {
        assertThat(seen.wrong).as(name + ": true bytes in order").isFalse();
        assertThat(seen.received).as(name + ": no more than was said").isLessThanOrEqualTo(said);
        // Where a write has failed before, the kernel shows an end of file: the failure has told the program already.
        if (seen.endOfFile && !seen.sendFailed) {
            assertThat(seen.received)
                    .as(name + ": end of file behind all bytes")
                    .isEqualTo(said);
            assertThat(other.ends())
                    .as(name + ": end of file only if there was one")
                    .isTrue();
        }
        if (own.listens()) {
            assertThat(seen.endOfFile || seen.reset)
                    .as(name + ": an end of some kind")
                    .isTrue();
        }
        if (own.listens() && other.listens()) {
            assertThat(seen.endOfFile).as(name + ": orderly, " + seen).isTrue();
            assertThat(seen.sendFailed).as(name + ": orderly, " + seen).isFalse();
        }
    }
}
