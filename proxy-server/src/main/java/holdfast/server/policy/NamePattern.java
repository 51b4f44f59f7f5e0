package holdfast.server.policy;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names of destinations: {@code www.corp.example} is that one, {@code *.corp.example} every name below it but not itself, {@code *} everything,
 * whether asked for by name or by address. Case and a dot at the end do not count. A pattern has a dot: a single word is rather a slip.
 *
 * @param text in lower case, without a dot at the end
 */
public record NamePattern(String text) {
    private static final String EVERYTHING = "*";
    private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?";
    private static final Pattern FORM = Pattern.compile("\\*|(?:\\*|" + LABEL + ")(?:\\." + LABEL + ")+");
    private static final int MOST = 255;

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException that says what is expected
     */
    public static NamePattern parse(String text) {
        String plain = normal(text);
        String last = plain.substring(plain.lastIndexOf('.') + 1);
        boolean endsInNumber = last.chars().allMatch(c -> c >= '0' && c <= '9');
        if (plain.length() > MOST || endsInNumber || !FORM.matcher(plain).matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is neither an address or range such as 10.0.0.0/8, nor a name such as www.corp.example, *.corp.example or *"
                    + " (others than ASCII in their xn-- form)");
        }
        return new NamePattern(plain);
    }

    /** A name as patterns compare it. */
    static String normal(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Whether the name, from {@link #normal}, is one of these; null where an address was asked for. */
    boolean matches(@Nullable String name) {
        if (text.equals(EVERYTHING)) {
            return true;
        }
        if (name == null) {
            return false;
        }
        return text.startsWith("*.")
                ? name.length() >= text.length() && name.endsWith(text.substring(1))
                : name.equals(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
