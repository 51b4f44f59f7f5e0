package holdfast.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What a program counts about itself, by name: shown by {@code status}, and whatever else wants to read it. Each name is made once and stays.
 *
 * <p>Names are words in lower case with underscores between them, and say their unit where it is not just a number: {@code outage_milliseconds}. Any
 * thread may count and read.
 */
public final class Counters {
    private static final String NAME = "[a-z][a-z0-9_]*";

    private final Map<String, Reading> readings = new ConcurrentSkipListMap<>();

    /** Whether a number only ever rises, or shows how things stand now. */
    public enum Kind {
        TOTAL,
        NOW
    }

    /** One number: its name, what it says in half a sentence, and how to read it. */
    public record Reading(String name, String help, Kind kind, LongSupplier source) {
        public long value() {
            return source.getAsLong();
        }
    }

    /** Something that happens now and then and is counted. */
    public static final class Counter {
        private final LongAdder sum = new LongAdder();

        private Counter() {}

        public void increment() {
            sum.increment();
        }

        /**
         * Counts so many more.
         *
         * @throws IllegalArgumentException if it would count backwards
         */
        public void add(long more) {
            if (more < 0) {
                throw new IllegalArgumentException("a counter only rises, not by " + more);
            }
            sum.add(more);
        }

        public long value() {
            return sum.sum();
        }
    }

    /**
     * A new counter, at 0.
     *
     * @throws IllegalArgumentException if the name is taken or not a name
     */
    public Counter counter(String name, String help) {
        Counter counter = new Counter();
        register(new Reading(name, help, Kind.TOTAL, counter::value));
        return counter;
    }

    /** A number that only rises and is counted elsewhere. The source is asked on whatever thread reads. */
    public void total(String name, String help, LongSupplier source) {
        register(new Reading(name, help, Kind.TOTAL, source));
    }

    /** A number that goes up and down. The source is asked on whatever thread reads. */
    public void now(String name, String help, LongSupplier source) {
        register(new Reading(name, help, Kind.NOW, source));
    }

    private void register(Reading reading) {
        if (!reading.name().matches(NAME)) {
            throw new IllegalArgumentException("'" + reading.name() + "' is no name of a counter");
        }
        if (readings.putIfAbsent(reading.name(), reading) != null) {
            throw new IllegalArgumentException("there is a counter '" + reading.name() + "' already");
        }
    }

    /** All, by name. */
    public List<Reading> readings() {
        return List.copyOf(readings.values());
    }

    /** All values now, by name; for a status answer. */
    public Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        readings.values().forEach(each -> values.put(each.name(), each.value()));
        return values;
    }
}
