package holdfast.simulation;

import java.util.SplittableRandom;

/** All chance of one simulation. */
final class Dice {
    private final SplittableRandom random;

    Dice(long seed) {
        this(new SplittableRandom(seed));
    }

    private Dice(SplittableRandom random) {
        this.random = random;
    }

    /** Other dice, so that what one part throws does not change what another part gets. */
    Dice split() {
        return new Dice(random.split());
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** From {@code low} to {@code high}, both included. */
    long between(long low, long high) {
        return low + random.nextLong(high - low + 1);
    }

    int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    /** From {@code low}, at least 1, to {@code high}: every order of magnitude as likely as every other. */
    long magnitude(long low, long high) {
        double lowest = Math.log((double) low);
        return (long) Math.exp(lowest + random.nextDouble() * (Math.log((double) high + 1) - lowest));
    }

    int magnitude(int low, int high) {
        return (int) magnitude((long) low, high);
    }

    /** The place of a weight, each as likely as it is large. */
    int weighted(int... weights) {
        int sum = 0;
        for (int each : weights) {
            sum += each;
        }
        int at = random.nextInt(sum);
        int place = 0;
        while (at >= weights[place]) {
            at -= weights[place];
            place++;
        }
        return place;
    }

    void fill(byte[] bytes) {
        random.nextBytes(bytes);
    }
}
