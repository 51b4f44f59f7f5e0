package holdfast.flowcontrol;

/**
 * A rate with a burst, as arithmetic on a clock that is passed in: tokens come at an even rate up to the burst, and what is done costs some.
 *
 * <p>{@link #charge} takes what was used in any case, so that the level may fall below zero: then {@link #debtNanos} says how long to wait.
 * {@link #tryTake} takes only what is there.
 */
public final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private double perNano;
    private double burst;
    private double level;
    private long at;

    /**
     * Starts full.
     *
     * @param perSecond tokens that come in a second, more than 0
     * @param burst the most that can be there at once, at least 1
     * @param now nanoseconds of a clock that never goes back; all other times are of the same
     */
    public TokenBucket(double perSecond, double burst, long now) {
        if (!(perSecond > 0) || !(burst >= 1)) {
            throw new IllegalArgumentException(perSecond + " a second, at most " + burst + " at once: that is no rate");
        }
        this.perNano = perSecond / NANOS_PER_SECOND;
        this.burst = burst;
        this.level = burst;
        this.at = now;
    }

    /** Another rate from now on; what was used stays used. */
    public void change(double perSecond, double newBurst, long now) {
        refill(now);
        perNano = perSecond / NANOS_PER_SECOND;
        level = Math.min(newBurst, level + newBurst - burst);
        burst = newBurst;
    }

    /** Takes tokens whether they are there or not. */
    public void charge(double tokens, long now) {
        refill(now);
        level -= tokens;
    }

    /** Takes tokens if so many are there. Returns whether it did. */
    public boolean tryTake(double tokens, long now) {
        refill(now);
        if (level < tokens) {
            return false;
        }
        level -= tokens;
        return true;
    }

    /** Tokens that were taken for nothing. */
    public void giveBack(double tokens) {
        level = Math.min(burst, level + tokens);
    }

    /** Whether more was used than had come. */
    public boolean isOverdrawn(long now) {
        refill(now);
        return level < 0;
    }

    /** How long until nothing is owed any more, in nanoseconds; 0 if nothing is. */
    public long debtNanos(long now) {
        refill(now);
        return level >= 0 ? 0 : (long) Math.ceil(-level / perNano);
    }

    /** How long until so many tokens are there, in nanoseconds. */
    public long waitNanos(double tokens, long now) {
        refill(now);
        return level >= tokens ? 0 : (long) Math.ceil((tokens - level) / perNano);
    }

    private void refill(long now) {
        if (now > at) {
            level = Math.min(burst, level + (now - at) * perNano);
            at = now;
        }
    }
}
