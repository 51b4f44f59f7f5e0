package holdfast.console;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads amounts of bytes as people write them: {@code 500KB}, {@code 10MB}, {@code 2TB}; a KB is 1000 bytes. */
public final class ByteAmount {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(KB|MB|GB|TB)");
    private static final String UNITS = "KMGT";

    private ByteAmount() {}

    /**
     * Reads an amount of at least 1 KB.
     *
     * @throws IllegalArgumentException that tells the form
     */
    public static long parse(String text) {
        Matcher found = FORM.matcher(text);
        if (!found.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an amount such as 500KB, 10MB, 20GB or 2TB");
        }
        long amount = Long.parseLong(found.group(1));
        for (int unit = 0; unit <= UNITS.indexOf(found.group(2).charAt(0)); unit++) {
            amount = Math.multiplyExact(amount, 1000L);
        }
        if (amount == 0) {
            throw new IllegalArgumentException("'" + text + "' is nothing; leave the setting out for no limit");
        }
        return amount;
    }
}
