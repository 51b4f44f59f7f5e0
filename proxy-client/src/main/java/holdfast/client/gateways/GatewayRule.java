package holdfast.client.gateways;

import holdfast.protocol.Destination;
import java.util.HashSet;
import java.util.List;

/** Which gateways some destinations are reached by, {@code WHAT=NAME[,NAME]...}: the first login whose gateway answers. */
public final class GatewayRule {
    private final DestinationPattern what;
    private final List<String> logins;
    private final String text;

    private GatewayRule(DestinationPattern what, List<String> logins, String text) {
        this.what = what;
        this.logins = logins;
        this.text = text;
    }

    /**
     * Reads a rule.
     *
     * @throws IllegalArgumentException with what is wrong, for a person
     */
    public static GatewayRule parse(String text) {
        int mark = text.lastIndexOf('=');
        if (mark <= 0) {
            throw new IllegalArgumentException("'" + text
                    + "' is not WHAT=NAME[,NAME]..., for example 10.0.0.0/8=work or *.example.com:443=work,backup");
        }
        return new GatewayRule(
                DestinationPattern.parse(text.substring(0, mark)), names(text.substring(mark + 1)), text);
    }

    /**
     * Reads names of logins, the preferred first.
     *
     * @throws IllegalArgumentException with what is wrong, for a person
     */
    public static List<String> names(String text) {
        List<String> names = List.of(text.split(",", -1));
        for (String each : names) {
            if (!Login.isName(each)) {
                throw new IllegalArgumentException("'" + each + "' in '" + text + "' is no login's name");
            }
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("'" + text + "' names a login twice");
        }
        return names;
    }

    boolean covers(Destination destination) {
        return what.covers(destination);
    }

    /** The preferred first. */
    public List<String> logins() {
        return logins;
    }

    @Override
    public String toString() {
        return text;
    }
}
