package holdfast.agreement;

import java.util.Locale;

/** What a gateway writes down of what it carries, from nothing to everything. */
public enum Recording {
    NONE("nothing"),
    CONNECTIONS("who connects where, when and how much"),
    CONTENT("what is transferred"),
    /** A word that this version does not know, or none at all: more than any rule accepts but the one that accepts everything. */
    UNKNOWN("nobody knows what");

    private final String words;

    Recording(String words) {
        this.words = words;
    }

    /** What that is, for a person. */
    public String words() {
        return words;
    }

    /** As it is written in settings and on the wire. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By its word; {@link #UNKNOWN} for any other. */
    static Recording of(String word) {
        for (Recording each : values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        return UNKNOWN;
    }

    /**
     * As people write it; {@code no} is nothing.
     *
     * @throws IllegalArgumentException that tells the words there are
     */
    public static Recording parse(String text) {
        Recording found = text.equals("no") ? NONE : of(text);
        if (found == UNKNOWN) {
            throw new IllegalArgumentException("'" + text + "' is none of none, connections, content");
        }
        return found;
    }
}
