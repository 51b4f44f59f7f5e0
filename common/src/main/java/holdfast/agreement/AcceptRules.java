package holdfast.agreement;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a user accepts of gateways.
 *
 * @param recording at most
 * @param retention at most; empty for any time
 * @param rate at least, in bytes a second; 0 for any
 * @param ports that have to be open
 */
public record AcceptRules(Recording recording, Optional<Duration> retention, long rate, List<Integer> ports) {
    /** Whatever it is. */
    public static final AcceptRules EVERYTHING = new AcceptRules(Recording.UNKNOWN, Optional.empty(), 0, List.of());

    private static final long HOURS_A_DAY = 24;

    public AcceptRules {
        ports = List.copyOf(ports);
    }

    /** What the user does not accept, in words; empty if there is nothing. */
    public Optional<String> objection(Terms terms) {
        if (equals(EVERYTHING)) {
            return Optional.empty();
        }
        if (terms.words().isEmpty()) {
            return Optional.of("the gateway does not state its conditions, and [accept] in client.toml asks for some");
        }
        if (terms.recording().compareTo(recording) > 0) {
            return Optional.of("the gateway records " + terms.recording().words() + "; [accept] recording = \""
                    + recording.word() + "\" accepts " + recording.words());
        }
        if (retention.isPresent()) {
            Optional<Duration> theirs = terms.retention();
            if (theirs.isEmpty() || theirs.get().compareTo(retention.get()) > 0) {
                return Optional.of("the gateway keeps what it records "
                        + theirs.map(each -> "for " + text(each)).orElse("for as long as it likes")
                        + "; [accept] retention accepts " + text(retention.get()));
            }
        }
        OptionalLong theirs = terms.rate();
        if (theirs.isPresent() && theirs.getAsLong() < rate) {
            return Optional.of(
                    "the gateway carries " + theirs.getAsLong() + " bytes a second; [accept] rate wants " + rate);
        }
        return ports.stream()
                .filter(each -> !terms.isOpen(each))
                .findFirst()
                .map(each -> "port " + each + " is closed at the gateway; [accept] ports wants it");
    }

    private static String text(Duration time) {
        long hours = time.toHours();
        return hours > 0 && hours % HOURS_A_DAY == 0
                ? hours / HOURS_A_DAY + " d"
                : hours > 0 && time.toSecondsPart() == 0 && time.toMinutesPart() == 0
                        ? hours + " h"
                        : time.toSeconds() + " s";
    }
}
