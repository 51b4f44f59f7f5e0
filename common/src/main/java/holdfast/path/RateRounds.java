package holdfast.path;

import java.util.Arrays;

/** What the rounds of a path have carried, in bytes a second: the best of the last few, and a long memory of what the path can do. */
final class RateRounds {
    private static final int ROUNDS = 5;

    /** So many rounds count while the queue says that the path has become slower. */
    static final int HURRIED = 2;

    private static final double FORGETTING = 0.985;

    private final double[] rounds = new double[ROUNDS];
    private int next;
    private double remembered;

    void add(double bytesPerSecond) {
        rounds[next] = bytesPerSecond;
        next = (next + 1) % ROUNDS;
        remembered = Math.max(best(), FORGETTING * remembered);
    }

    /** The path carries no more than this now; that it could do more is remembered. */
    void fell(double bytesPerSecond) {
        Arrays.fill(rounds, bytesPerSecond);
    }

    /** The path can do this, although it was never given so much. */
    void remember(double bytesPerSecond) {
        remembered = Math.max(remembered, bytesPerSecond);
    }

    /** The best of the last five rounds; 0 before the first. */
    double best() {
        return best(ROUNDS);
    }

    double best(int last) {
        double best = 0;
        for (int i = 1; i <= last; i++) {
            best = Math.max(best, rounds[Math.floorMod(next - i, ROUNDS)]);
        }
        return best;
    }

    /** The best for a long time, fading by 1.5 % a round. */
    double remembered() {
        return remembered;
    }
}
