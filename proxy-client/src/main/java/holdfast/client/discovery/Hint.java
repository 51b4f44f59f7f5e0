package holdfast.client.discovery;

import java.util.Locale;
import java.util.Optional;

/**
 * A place where somebody says that a gateway is.
 *
 * @param source who says so
 * @param host a name, as it was said; whatever it holds
 * @param port 0 to 65535
 * @param priority the lowest first
 */
public record Hint(String source, String host, int port, int priority) {
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;

    /** Why it is of no use, in words; empty if it can be dialed. */
    public Optional<String> objection() {
        if (port < 1 || port > 65535) {
            return Optional.of("there is no port " + port);
        }
        if (host.isEmpty()) {
            return Optional.of("it says that there is none");
        }
        if (host.length() > MAX_NAME) {
            return Optional.of("the name is too long");
        }
        String[] labels = host.split("\\.", -1);
        for (String label : labels) {
            if (label.isEmpty() || label.length() > MAX_LABEL || !label.chars().allMatch(Hint::isPlain)) {
                return Optional.of("it is not a name of a machine");
            }
        }
        String last = labels[labels.length - 1].toLowerCase(Locale.ROOT);
        // What a resolver may take for an address: a domain must not point into the network of whoever asks.
        if (last.chars().allMatch(Character::isDigit) || last.startsWith("0x")) {
            return Optional.of("it is an address, and not a name");
        }
        boolean isHere = last.equals("localhost") || (last.equals("local") && !source.equals(Discovery.LINK));
        return isHere ? Optional.of("it is a name of this machine or of the local network") : Optional.empty();
    }

    /** For a terminal: nothing in it does anything there. */
    public String address() {
        return printable(host) + ":" + port;
    }

    /** Text from anywhere, for a terminal. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.chars()
                .limit(MAX_NAME)
                .forEach(each -> out.append(each > ' ' && each < 0x7f && each != '\\' ? (char) each : '?'));
        return out.toString();
    }

    private static boolean isPlain(int each) {
        return (each >= 'a' && each <= 'z')
                || (each >= 'A' && each <= 'Z')
                || (each >= '0' && each <= '9')
                || each == '-'
                || each == '_';
    }
}
