package holdfast.linkmodel;

import java.util.Random;

/** A link that is slower than its senders: a queue that drops what does not fit, then a wire. Packets keep their order. */
public final class Bottleneck {
    private final Clockwork clock;
    private long delay;
    private final int queueBytes;
    private final Random dice = new Random(1);

    private double rate;
    private double loss;
    private long freeAt;
    private long busyNanos;

    /**
     * A link without anything on it.
     *
     * @param rate bytes a second
     * @param delay one way, in nanoseconds
     * @param queueBytes what may wait
     */
    public Bottleneck(Clockwork clock, double rate, long delay, int queueBytes) {
        this.clock = clock;
        this.rate = rate;
        this.delay = delay;
        this.queueBytes = queueBytes;
    }

    public void setRate(double bytesPerSecond) {
        // What waits keeps its order and leaves at the new rate.
        long backlog = queueDelay();
        freeAt = clock.now() + (long) (backlog * rate / bytesPerSecond);
        rate = bytesPerSecond;
    }

    /** What comes from now on takes the way of this delay; a shorter one than before would change the order. */
    public void setDelay(long nanos) {
        if (nanos < delay) {
            throw new IllegalArgumentException("a link becomes longer only");
        }
        delay = nanos;
    }

    public void setLoss(double probability) {
        loss = probability;
    }

    public long delay() {
        return delay;
    }

    /** How long a packet that comes now waits before it leaves. */
    public long queueDelay() {
        return Math.max(0, freeAt - clock.now());
    }

    /** Nanoseconds in which the link was sending, so far. */
    public long busyNanos() {
        return busyNanos - queueDelay();
    }

    /** Returns whether the packet was taken; what {@code arrives} does happens at the other end then. */
    public boolean send(int bytes, Runnable arrives) {
        if (queueDelay() * rate / 1e9 + bytes > queueBytes) {
            return false;
        }
        long serialization = (long) (bytes * 1e9 / rate);
        freeAt = Math.max(freeAt, clock.now()) + serialization;
        busyNanos += serialization;
        if (dice.nextDouble() < loss) {
            return false;
        }
        clock.in(freeAt - clock.now() + delay, arrives);
        return true;
    }
}
