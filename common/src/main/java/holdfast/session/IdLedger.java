package holdfast.session;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which numbers were used, where each may be used once and they arrive nearly in order: kept as ranges, so that the usual case is one entry
 * however many there were.
 */
final class IdLedger {
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    boolean contains(long id) {
        Map.Entry<Long, Long> range = ranges.floorEntry(id);
        return range != null && id <= range.getValue();
    }

    /** Marks the number as used. Returns whether it was not yet. */
    boolean add(long id) {
        if (contains(id)) {
            return false;
        }
        long start = id;
        long end = id;
        Map.Entry<Long, Long> before = ranges.floorEntry(id);
        if (before != null && before.getValue() == id - 1) {
            start = before.getKey();
        }
        Long after = ranges.get(id + 1);
        if (after != null) {
            end = after;
            ranges.remove(id + 1);
        }
        ranges.put(start, end);
        return true;
    }

    /** Holds on to {@code max} ranges: the oldest numbers that were never used count as used from now on. */
    void limitRanges(int max) {
        while (ranges.size() > max) {
            Map.Entry<Long, Long> first = ranges.pollFirstEntry();
            Map.Entry<Long, Long> second = ranges.pollFirstEntry();
            ranges.put(first.getKey(), second.getValue());
        }
    }

    /** How many ranges it takes: what the ledger costs. */
    int ranges() {
        return ranges.size();
    }
}
