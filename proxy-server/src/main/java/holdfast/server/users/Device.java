package holdfast.server.users;

import holdfast.identity.Pin;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A key of a user, one line of his file: {@code sha256:PIN COMMENT ENROLLED-AT}.
 *
 * @param key the pin of the client's key
 * @param comment what the device calls itself; no blanks, may be empty
 * @param enrolledAt when the key was added; empty for a line written by hand
 */
public record Device(Pin key, String comment, Optional<Instant> enrolledAt) {
    private static final String PREFIX = "sha256:";
    private static final int COMMENT_LIMIT = 64;

    /** A device as it enrols; what its comment has of blanks and control characters becomes {@code _}. */
    static Device enrolling(Pin key, String comment, Instant now) {
        StringBuilder safe = new StringBuilder();
        comment.codePoints().limit(COMMENT_LIMIT).forEach(c -> {
            boolean visible = (c > ' ' && c < 0x7f) || (c > 0xa0 && Character.isLetterOrDigit(c));
            safe.appendCodePoint(visible ? c : '_');
        });
        return new Device(key, safe.toString(), Optional.of(now));
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static Device parse(String line) {
        List<String> words = Arrays.asList(line.strip().split("\\s+", -1));
        if (!words.get(0).startsWith(PREFIX)) {
            throw new IllegalArgumentException("a line starts with " + PREFIX + " and the pin of a key");
        }
        Pin key = Pin.parse(words.get(0).substring(PREFIX.length()));
        Optional<Instant> enrolledAt = words.size() > 1 ? instant(words.get(words.size() - 1)) : Optional.empty();
        List<String> comment = words.subList(1, words.size() - (enrolledAt.isPresent() ? 1 : 0));
        return new Device(key, String.join("_", comment), enrolledAt);
    }

    /** The line that {@link #parse} reads. */
    String line() {
        return PREFIX
                + key
                + (comment.isEmpty() ? "" : " " + comment)
                + enrolledAt.map(at -> " " + at).orElse("");
    }

    private static Optional<Instant> instant(String word) {
        try {
            return Optional.of(Instant.parse(word));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
