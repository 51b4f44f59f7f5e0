package holdfast.server.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A set of ports, as {@code 80}, {@code 8000-9000} or {@code 80,443,8000-9000}.
 *
 * @param ranges at least one
 */
public record Ports(List<Range> ranges) {
    /** Every port. */
    public static final Ports ALL = new Ports(List.of(new Range(1, 65535)));

    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

    public Ports {
        ranges = List.copyOf(ranges);
    }

    /** From {@code first} to {@code last}, both included, 1 to 65535. */
    public record Range(int first, int last) {
        public Range {
            if (first < 1 || last > 65535 || first > last) {
                throw new IllegalArgumentException("'" + first + (first == last ? "" : "-" + last)
                        + "' is not a port or a range of ports from 1 to 65535");
            }
        }

        boolean contains(int port) {
            return first <= port && port <= last;
        }

        @Override
        public String toString() {
            return first == last ? String.valueOf(first) : first + "-" + last;
        }
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException that names the part that is wrong
     */
    public static Ports parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                throw new IllegalArgumentException("'" + part + "' is not a port or a range of ports from 1 to 65535");
            }
            int first = Integer.parseInt(range.group(1));
            ranges.add(new Range(first, range.group(2) == null ? first : Integer.parseInt(range.group(2))));
        }
        return new Ports(ranges);
    }

    public boolean contains(int port) {
        for (Range each : ranges) {
            if (each.contains(port)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return ranges.stream().map(Range::toString).collect(Collectors.joining(","));
    }
}
