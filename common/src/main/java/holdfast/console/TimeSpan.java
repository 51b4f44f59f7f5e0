package holdfast.console;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads times as people write them: {@code 90s}, {@code 30m}, {@code 24h}, {@code 7d}. */
public final class TimeSpan {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd])");
    private static final Duration LONGEST = Duration.ofDays(3650);

    private TimeSpan() {}

    /**
     * Reads a time of at least a second.
     *
     * @throws IllegalArgumentException that tells the form
     */
    public static Duration parse(String text) {
        Matcher found = FORM.matcher(text);
        if (!found.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a time such as 90s, 30m, 24h or 7d");
        }
        long count = Long.parseLong(found.group(1));
        Duration span = switch (found.group(2).charAt(0)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        if (span.isZero() || span.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("'" + text + "' is not between 1s and " + LONGEST.toDays() + "d");
        }
        return span;
    }
}
