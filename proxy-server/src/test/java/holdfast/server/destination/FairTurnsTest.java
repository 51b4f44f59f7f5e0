package holdfast.server.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Whose work waits, waits behind his own. */
final class FairTurnsTest {
    private final ArrayDeque<Runnable> taken = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();
    private boolean full;

    private final Executor threads = work -> {
        if (full) {
            throw new RejectedExecutionException();
        }
        taken.add(work);
    };
    private final FairTurns turns = new FairTurns(threads, 2, 3);

    private void execute(String user, String name) {
        turns.execute(user, () -> log.add(name), () -> log.add(name + " dropped"));
    }

    private void runAll() {
        for (Runnable next = taken.poll(); next != null; next = taken.poll()) {
            next.run();
        }
    }

    @Test
    void ofOneUserAFewRunAndTheOthersFollowInTheirOrder() {
        for (String name : List.of("a1", "a2", "a3", "a4", "a5")) {
            execute("alice", name);
        }
        execute("bob", "b1");

        assertThat(taken).hasSize(3);
        assertThatThrownBy(() -> execute("alice", "a6")).isInstanceOf(RejectedExecutionException.class);
        runAll();
        assertThat(log).containsExactly("a1", "a2", "b1", "a3", "a4", "a5");
    }

    @Test
    void whatNoThreadTakesLaterIsDroppedAndNothingIsForgotten() {
        for (String name : List.of("a1", "a2", "a3", "a4", "a5")) {
            execute("alice", name);
        }
        full = true;
        runAll();

        assertThat(log).containsExactly("a1", "a3 dropped", "a4 dropped", "a5 dropped", "a2");
        full = false;
        execute("alice", "a6");
        runAll();
        assertThat(log).last().isEqualTo("a6");
    }

    @Test
    void workThatFailsGivesItsTurnBack() {
        for (int i = 0; i < 2; i++) {
            turns.execute(
                    "alice",
                    () -> {
                        throw new IllegalStateException();
                    },
                    () -> {});
        }
        execute("alice", "a1");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> taken.remove().run()).isInstanceOf(IllegalStateException.class);
        }
        runAll();

        assertThat(log).containsExactly("a1");
    }
}
