package holdfast.flowcontrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class TokenBucketTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void aBurstIsFreeAndTheRateHoldsBehindIt() {
        TokenBucket bucket = new TokenBucket(10, 5, 0);

        for (int i = 0; i < 5; i++) {
            assertThat(bucket.tryTake(1, 0)).isTrue();
        }
        assertThat(bucket.tryTake(1, 0)).isFalse();

        assertThat(bucket.waitNanos(1, 0)).isEqualTo(SECOND / 10);
        assertThat(bucket.tryTake(1, SECOND / 10)).isTrue();
        assertThat(bucket.tryTake(1, SECOND / 10)).isFalse();
    }

    @Test
    void whoHasUsedMoreThanThereWasWaitsUntilItHasComeIn() {
        TokenBucket bucket = new TokenBucket(1000, 1000, 0);

        bucket.charge(3000, 0);

        assertThat(bucket.isOverdrawn(0)).isTrue();
        assertThat(bucket.debtNanos(0)).isEqualTo(2 * SECOND);
        assertThat(bucket.debtNanos(SECOND)).isEqualTo(SECOND);
        assertThat(bucket.isOverdrawn(2 * SECOND)).isFalse();
    }

    @Test
    void aLongPauseEarnsNoMoreThanTheBurst() {
        TokenBucket bucket = new TokenBucket(1000, 10, 0);

        assertThat(bucket.tryTake(11, 1_000_000 * SECOND)).isFalse();
        assertThat(bucket.tryTake(10, 1_000_000 * SECOND)).isTrue();
    }

    @Test
    void anotherRateForgetsNothingThatWasUsed() {
        TokenBucket bucket = new TokenBucket(10, 100, 0);
        bucket.charge(90, 0);

        bucket.change(1, 50, 0);

        assertThat(bucket.isOverdrawn(0)).isTrue();
        assertThat(bucket.debtNanos(0)).isEqualTo(40 * SECOND);
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenBucket(0, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenBucket(1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenBucket(Double.NaN, 1, 0));
    }
}
