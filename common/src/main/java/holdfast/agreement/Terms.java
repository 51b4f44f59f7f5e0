package holdfast.agreement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A gateway's conditions, as words {@code key=value} in any order. Words that are not known are kept, so that a person can be shown them; of a key that comes
 * twice the first counts.
 *
 * @param words as they were said
 */
public record Terms(List<String> words) {
    /** Those of a gateway that says nothing: anything is possible. */
    public static final Terms UNSTATED = new Terms(List.of());

    private static final String RECORDING = "recording";
    private static final String RETENTION = "retention";
    private static final String RATE = "rate";
    private static final String PORTS = "ports";
    private static final String LISTEN = "listen";
    private static final int MAX_DIGITS = 15;

    public Terms {
        words = List.copyOf(words);
    }

    /**
     * What a gateway has to say.
     *
     * @param retention empty for as long as it likes
     * @param rate bytes a second each way; empty for no limit
     * @param ports that can be reached, as {@code 80,443,8000-9000}; empty where the rules for each destination say more than a list could
     * @param listen where users may listen, in words
     */
    public static Terms of(
            Recording recording,
            Optional<Duration> retention,
            OptionalLong rate,
            Optional<String> ports,
            Optional<String> listen) {
        List<String> words = new ArrayList<>();
        words.add(RECORDING + "=" + recording.word());
        if (recording != Recording.NONE) {
            words.add(RETENTION + "="
                    + retention.map(each -> String.valueOf(each.toSeconds())).orElse("unlimited"));
        }
        rate.ifPresent(each -> words.add(RATE + "=" + each));
        ports.ifPresent(each -> words.add(PORTS + "=" + each));
        listen.ifPresent(each -> words.add(LISTEN + "=" + each));
        return new Terms(words);
    }

    public Recording recording() {
        return Recording.of(values().getOrDefault(RECORDING, ""));
    }

    /** How long it keeps what it records; empty for as long as it likes, or where it does not say. */
    public Optional<Duration> retention() {
        OptionalLong seconds = number(RETENTION);
        if (recording() == Recording.NONE) {
            return Optional.of(Duration.ZERO);
        }
        return seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsLong())) : Optional.empty();
    }

    /** Bytes a second; empty for no limit. */
    public OptionalLong rate() {
        return number(RATE);
    }

    /** Whether the port can be reached, as far as a list of ports says. */
    public boolean isOpen(int port) {
        String list = values().get(PORTS);
        if (list == null) {
            return true;
        }
        for (String range : list.split(",", -1)) {
            String[] ends = range.split("-", 2);
            OptionalLong first = digits(ends[0]);
            OptionalLong last = digits(ends[ends.length - 1]);
            if (first.isPresent() && last.isPresent() && first.getAsLong() <= port && port <= last.getAsLong()) {
                return true;
            }
        }
        return false;
    }

    /** For showing it: nothing in it does anything to a terminal. */
    @Override
    public String toString() {
        return words.isEmpty()
                ? "nothing stated"
                : plain(words.stream().map(Terms::shown).collect(Collectors.joining(" ")));
    }

    /** Times as the settings have them, {@code retention=7d}: seconds are for machines. */
    private static String shown(String word) {
        String start = RETENTION + "=";
        OptionalLong seconds = word.startsWith(start) ? digits(word.substring(start.length())) : OptionalLong.empty();
        return seconds.isPresent() && seconds.getAsLong() > 0 ? start + time(seconds.getAsLong()) : word;
    }

    private static String time(long seconds) {
        if (seconds % Duration.ofDays(1).toSeconds() == 0) {
            return Duration.ofSeconds(seconds).toDays() + "d";
        }
        if (seconds % Duration.ofHours(1).toSeconds() == 0) {
            return Duration.ofSeconds(seconds).toHours() + "h";
        }
        return seconds % Duration.ofMinutes(1).toSeconds() == 0
                ? Duration.ofSeconds(seconds).toMinutes() + "m"
                : seconds + "s";
    }

    /** What a peer says, with all but printable ASCII characters replaced. */
    public static String plain(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    private Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        for (String each : words) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                values.putIfAbsent(each.substring(0, equals), each.substring(equals + 1));
            }
        }
        return values;
    }

    private OptionalLong number(String key) {
        return digits(values().getOrDefault(key, ""));
    }

    private static OptionalLong digits(String text) {
        boolean isNumber = !text.isEmpty()
                && text.length() <= MAX_DIGITS
                && text.chars().allMatch(each -> each >= '0' && each <= '9');
        return isNumber ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
