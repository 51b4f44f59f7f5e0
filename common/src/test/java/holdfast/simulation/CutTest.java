package holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A connection that breaks at any byte, of HELLO, JOIN, their answers and what follows: everything arrives by the next. */
final class CutTest {
    /** As many bytes as there are in each direction while the streams live, and some more. */
    private static final int LAST_BYTE = 900;

    private static final int BYTES = 2 * 2 * 2 * 150;

    @Test
    void theFirstPathMayBreakAtAnyByte() {
        for (int at = 0; at < LAST_BYTE; at++) {
            for (int direction = 0; direction < 2; direction++) {
                play(new Cuts(direction, at), at);
            }
        }
    }

    @Test
    void thePathThatResumesMayBreakAtAnyByteToo() {
        for (int at = 0; at < LAST_BYTE; at++) {
            for (int direction = 0; direction < 2; direction++) {
                play(new Cuts(Link.UP, 400, direction, at), at);
                play(new Cuts(Link.DOWN, 200, direction, at), at);
            }
        }
    }

    @Test
    void twentyPathsInARowMayBreakAtTheSameByte() {
        for (int at = 0; at < LAST_BYTE; at += 3) {
            for (int direction = 0; direction < 2; direction++) {
                int[] cuts = new int[2 * 21];
                cuts[1] = 300;
                for (int i = 1; i <= 20; i++) {
                    cuts[2 * i] = direction;
                    cuts[2 * i + 1] = at;
                }
                play(new Cuts(cuts), at);
            }
        }
    }

    private static void play(Cuts cuts, long seed) {
        Link link = new Link("link", 5 * Agenda.MILLIS, 1_000_000, 64 * 1024);
        try {
            Outcome outcome = Simulation.play(Scenario.calm(2, 150, List.of(link)), seed, cuts);

            assertThat(outcome.bytes()).isBetween(1L, (long) BYTES);
        } catch (AssertionError e) {
            throw new AssertionError(cuts + ", seed " + seed + ": " + e.getMessage(), e);
        }
    }

    /** In which direction and behind which byte each connection breaks, one after the other. */
    private static final class Cuts implements Consumer<Wire> {
        private final int[] cuts;
        private int next;

        Cuts(int... cuts) {
            this.cuts = cuts;
        }

        @Override
        public void accept(Wire wire) {
            if (next < cuts.length) {
                wire.pipe(cuts[next]).breakAfter(cuts[next + 1]);
                next += 2;
            }
        }

        @Override
        public String toString() {
            return "cut behind byte " + cuts[1] + " in direction " + cuts[0]
                    + (cuts.length > 2 ? " then behind byte " + cuts[3] + " in direction " + cuts[2] : "");
        }
    }
}
