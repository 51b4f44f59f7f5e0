package holdfast.server.listen;

import holdfast.server.policy.Ports;
import java.util.List;

/** The ports to try, one after the other, starting anywhere among those that are allowed: nobody should foresee where the next listener will be. */
final class PortSearch {
    private static final int MAX_TRIES = 64;

    private final List<Ports.Range> ranges;
    private final int count;
    private final int start;
    private int tried;

    /**
     * Among these.
     *
     * @param random any number
     */
    PortSearch(List<Ports> allowed, int random) {
        ranges = allowed.stream().flatMap(each -> each.ranges().stream()).toList();
        int all = 0;
        for (Ports.Range each : ranges) {
            all += each.last() - each.first() + 1;
        }
        count = all;
        start = all == 0 ? 0 : Math.floorMod(random, all);
    }

    /** Only this one. */
    static PortSearch only(int port) {
        return new PortSearch(List.of(Ports.parse(String.valueOf(port))), 0);
    }

    /** The next port to try, -1 if there is none. */
    int next() {
        if (tried >= Math.min(count, MAX_TRIES)) {
            return -1;
        }
        int index = (start + tried++) % count;
        for (Ports.Range each : ranges) {
            int size = each.last() - each.first() + 1;
            if (index < size) {
                return each.first() + index;
            }
            index -= size;
        }
        throw new IllegalStateException("the index is below the count");
    }
}
