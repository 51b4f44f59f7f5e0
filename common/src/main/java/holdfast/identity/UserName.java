package holdfast.identity;

import java.util.regex.Pattern;

/**
 * The rule for names of users: a letter or digit, then up to 63 letters, digits, dots, underscores and hyphens. Such a name is safe as a file
 * name, in a URL and in a log.
 */
public final class UserName {
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private UserName() {}

    public static boolean isLegal(String name) {
        return LEGAL.matcher(name).matches();
    }

    /**
     * The name itself.
     *
     * @throws IllegalArgumentException that tells the rule, if it is not legal
     */
    public static String require(String name) {
        if (!isLegal(name)) {
            throw new IllegalArgumentException("'" + name
                    + "' is not a user name: 1 to 64 letters, digits, '.', '_' and '-', the first a letter or digit");
        }
        return name;
    }
}
