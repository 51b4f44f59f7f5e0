package holdfast.client.gateways;

import holdfast.protocol.PathStanding;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * A way to a gateway as the user gives it, {@code NAME[,NAME]...[=STANDING]} or {@code direct[=STANDING]}.
 *
 * @param relays the logins to go through, nearest first; none for the direct way
 * @param standing how paths by this way are to be used
 */
public record Via(List<String> relays, PathStanding standing) {
    /** Through no relay, and no less than any other way. */
    public static final Via DIRECTLY = new Via(List.of(), PathStanding.ACTIVE);

    /** As many as a gateway's chain may have links. */
    private static final int MAX_RELAYS = 4;

    private static final String FORM = "a way is NAME[,NAME]... of logins to go through, nearest first, or direct;"
            + " behind it may stand =standby or =metered";

    public Via {
        relays = List.copyOf(relays);
        if (relays.size() > MAX_RELAYS) {
            throw new IllegalArgumentException(relays.size() + " relays: at most " + MAX_RELAYS + " are possible");
        }
        if (new HashSet<>(relays).size() < relays.size()) {
            throw new IllegalArgumentException(String.join(",", relays) + " leads through one relay twice");
        }
    }

    /**
     * Reads a way.
     *
     * @throws IllegalArgumentException with what is wrong, for a person
     */
    public static Via parse(String text) {
        int mark = text.indexOf('=');
        String names = mark < 0 ? text : text.substring(0, mark);
        PathStanding standing = mark < 0 ? PathStanding.ACTIVE : standing(text, text.substring(mark + 1));
        if (names.equals(Login.DIRECT)) {
            return new Via(List.of(), standing);
        }
        List<String> relays = List.of(names.split(",", -1));
        for (String each : relays) {
            if (!Login.isName(each)) {
                throw new IllegalArgumentException("'" + each + "' in '" + text + "' is no login's name: " + FORM);
            }
        }
        return new Via(relays, standing);
    }

    private static PathStanding standing(String text, String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "active" -> PathStanding.ACTIVE;
            case "standby" -> PathStanding.STANDBY;
            case "metered" -> PathStanding.METERED;
            default -> throw new IllegalArgumentException("'" + word + "' in '" + text + "': " + FORM);
        };
    }

    /** The same in the form that {@link #parse} reads. */
    @Override
    public String toString() {
        return (relays.isEmpty() ? Login.DIRECT : String.join(",", relays))
                + (standing == PathStanding.ACTIVE ? "" : "=" + standing.name().toLowerCase(Locale.ROOT));
    }
}
