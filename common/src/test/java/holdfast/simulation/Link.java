package holdfast.simulation;

import java.util.ArrayList;
import java.util.List;

/** A way from the client to the gateway: what all connections over it have in common. */
final class Link {
    /** The two directions of everything that has two. */
    static final int UP = 0;

    static final int DOWN = 1;

    private final String name;
    private final long delay;
    private final long rate;
    private final int capacity;
    private final List<Wire> wires = new ArrayList<>();
    private final int[] blocks = new int[2];

    /**
     * @param delay one way, in nanoseconds
     * @param rate bytes a second
     * @param capacity bytes that a sender can put into one connection before it has to wait
     */
    Link(String name, long delay, long rate, int capacity) {
        this.name = name;
        this.delay = delay;
        this.rate = rate;
        this.capacity = capacity;
    }

    long delay() {
        return delay;
    }

    long rate() {
        return rate;
    }

    int capacity() {
        return capacity;
    }

    List<Wire> wires() {
        return wires;
    }

    boolean isBlocked(int direction) {
        return blocks[direction] > 0;
    }

    boolean isBlocked() {
        return isBlocked(UP) || isBlocked(DOWN);
    }

    /** A black hole: what is sent stays on its way until it closes. */
    void block(int direction) {
        blocks[direction]++;
    }

    void unblock(int direction) {
        blocks[direction]--;
        if (blocks[direction] == 0) {
            new ArrayList<>(wires).forEach(each -> each.pipe(direction).plan());
        }
    }

    String describe() {
        return name + " (" + delay / 1000 + " us, " + rate / 1000 + " kB/s, " + capacity + " bytes)";
    }

    @Override
    public String toString() {
        return name;
    }
}
