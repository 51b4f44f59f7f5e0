package holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * {@code -Dholdfast.seeds=N} plays more seeds, {@code -Dholdfast.firstSeed=S} others, {@code -Dholdfast.threads=T} on several processors;
 * {@code -Dholdfast.seed=S} replays one and shows all that happens in it. {@code scripts/simulate} sets them.
 */
final class SimulationTest {
    private static final long SEEDS = 10_000;

    @Test
    void everySeedDeliversEveryByteAndLeavesNothingBehind() {
        Long one = Long.getLong("holdfast.seed");
        if (one != null) {
            assertThat(Seeds.replay(one, System.out)).as("seed " + one).isTrue();
            return;
        }
        Seeds seeds = new Seeds(Long.getLong("holdfast.firstSeed", 0), Long.getLong("holdfast.seeds", SEEDS));

        List<String> failures = seeds.play(Integer.getInteger("holdfast.threads", 1));

        System.out.println("simulation: " + seeds.summary());
        assertThat(failures).as(seeds.summary()).isEmpty();
    }
}
