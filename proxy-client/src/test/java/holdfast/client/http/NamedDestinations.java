package holdfast.client.http;

import holdfast.protocol.Destination;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which destinations the requests in a text name, read by other code than the proxy's: a request's line has three words, and the second one names it. */
final class NamedDestinations {
    private static final String SPACE = "[ \\t\\x0b\\f\\r]+";
    private static final Pattern REQUEST_LINE = Pattern.compile(
            "[\\s\\x00-\\x20\\x7f-\\xa0]*[^ \\t\\x0b\\f\\r]+" + SPACE + "([^ \\t\\x0b\\f\\r]+)" + SPACE + ".*",
            Pattern.DOTALL);
    private static final Pattern ABSOLUTE = Pattern.compile(
            "(?:http|ws)://(?:[^/?#]*@)?(\\[[^\\]/?#]*]|[^:/?#]*)(?::([0-9]*))?(?:[/?#].*)?",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final Pattern TUNNEL = Pattern.compile("(.*):([0-9]+)", Pattern.DOTALL);

    private NamedDestinations() {}

    /** Whether one of these lines is a request for this destination. */
    static boolean contain(String words, Destination destination) {
        for (String line : words.split("\n", -1)) {
            Matcher request = REQUEST_LINE.matcher(line);
            if (request.matches()
                    && (names(TUNNEL, request.group(1), destination)
                            || names(ABSOLUTE, request.group(1), destination))) {
                return true;
            }
        }
        return false;
    }

    private static boolean names(Pattern form, String text, Destination destination) {
        Matcher named = form.matcher(text);
        if (!named.matches()) {
            return false;
        }
        String port = named.group(2) == null || named.group(2).isEmpty() ? "80" : named.group(2);
        if (port.length() > 5 || Integer.parseInt(port) != destination.port()) {
            return false;
        }
        String host = named.group(1);
        if (destination instanceof Destination.Name name) {
            return name.host().equals(host.toLowerCase(Locale.ROOT));
        }
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        return address != null && new Destination.Ip(address, destination.port()).equals(destination);
    }
}
