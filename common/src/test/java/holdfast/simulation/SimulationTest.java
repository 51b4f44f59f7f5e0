package holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code -Dholdfast.seeds=N} plays more seeds, {@code -Dholdfast.seed=S} replays one with all that happens in it. */
final class SimulationTest {
    private static final long SEEDS = 10_000;

    @Test
    void everySeedDeliversEveryByteAndLeavesNothingBehind() {
        Long one = Long.getLong("holdfast.seed");
        if (one != null) {
            assertThat(Seeds.replay(one, System.out)).as("seed " + one).isTrue();
            return;
        }
        Seeds seeds = new Seeds(0, Long.getLong("holdfast.seeds", SEEDS));

        List<String> failures = seeds.play(1);

        assertThat(failures).as(seeds.summary()).isEmpty();
    }
}
