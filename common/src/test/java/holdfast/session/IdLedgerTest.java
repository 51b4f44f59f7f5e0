package holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class IdLedgerTest {
    @Test
    void everyNumberIsNewOnce() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            IdLedger ledger = new IdLedger();
            Set<Long> used = new HashSet<>();
            for (int i = 0; i < 500; i++) {
                long id = random.nextInt(400);

                assertThat(ledger.add(id)).as("seed " + seed).isEqualTo(used.add(id));
                assertThat(ledger.contains(id)).isTrue();
            }
            for (long id = 0; id < 400; id++) {
                assertThat(ledger.contains(id)).as("seed " + seed).isEqualTo(used.contains(id));
            }
            int ranges = 0;
            for (long id = 0; id < 400; id++) {
                ranges += used.contains(id) && !used.contains(id - 1) ? 1 : 0;
            }
            assertThat(ledger.ranges()).as("seed " + seed).isEqualTo(ranges);
        }
    }

    @Test
    void numbersInOrderTakeOneRange() {
        IdLedger ledger = new IdLedger();

        for (long id = 0; id < 100_000; id++) {
            ledger.add(id);
        }

        assertThat(ledger.ranges()).isEqualTo(1);
    }

    @Test
    void theOldestGapsAreFilledWhenThereAreTooMany() {
        IdLedger ledger = new IdLedger();

        for (long id = 0; id < 1000; id += 2) {
            ledger.add(id);
            ledger.limitRanges(10);
        }

        assertThat(ledger.ranges()).isEqualTo(10);
        assertThat(ledger.contains(1)).isTrue();
        assertThat(ledger.add(997)).isTrue();
        assertThat(ledger.add(998)).isFalse();
    }
}
