package holdfast.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldBytesTest {
    private static final long BUDGET = 1_000_000;

    private final HeldBytes held = new HeldBytes(BUDGET);
    private final List<Integer> evicted = new ArrayList<>();

    private HeldBytes.Holder session(int number) {
        return () -> evicted.add(number);
    }

    @Test
    void fromHalfOfTheBudgetOnSessionsAreFrugal() {
        HeldBytes.Holder one = session(1);
        HeldBytes.Holder other = session(2);

        assertThat(held.report(one, BUDGET / 2, 0, 0)).isFalse();
        assertThat(held.report(other, 1, 0, 0)).isTrue();
        held.leave(one);
        assertThat(held.report(other, 1, 0, 0)).isFalse();
        assertThat(held.sum()).isEqualTo(1);
        assertThat(evicted).isEmpty();
    }

    @Test
    void beyondItTheLargestProductOfAgeAndBytesEndsAndNoMoreThanHasTo() {
        held.report(session(1), 300_000, 0, 100);
        held.report(session(2), 600_000, 90, 100);
        held.report(session(3), 50_000, 0, 100);

        held.report(session(4), 100_000, 100, 100);

        assertThat(evicted)
                .as("300 kB for 100 ns weigh more than 600 kB for 10")
                .containsExactly(1);
        assertThat(held.sum()).isEqualTo(750_000);
        assertThat(held.count()).isEqualTo(3);
    }

    @Test
    void whatASessionSaidBeforeDoesNotCountTwice() {
        HeldBytes.Holder one = session(1);
        for (int i = 0; i < 100; i++) {
            held.report(one, 400_000 - i, 0, i);
        }
        held.leave(one);
        held.leave(one);

        assertThat(held.sum()).isZero();
        assertThat(evicted).isEmpty();
    }

    @Test
    void aThousandThatGrowTogetherNeverHoldMoreThanTheBudget() {
        List<HeldBytes.Holder> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(session(i));
        }
        for (int step = 1; step <= 10; step++) {
            for (int i = 0; i < all.size(); i++) {
                if (!evicted.contains(i)) {
                    held.report(all.get(i), 500L * step, i, 10_000 + step);
                    assertThat(held.sum()).isLessThanOrEqualTo(BUDGET);
                }
            }
        }
        assertThat(held.count() + evicted.size()).isEqualTo(1000);
        assertThat(held.count()).isBetween(190, 210);
    }
}
