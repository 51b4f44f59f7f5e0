package holdfast.identity;

import holdfast.protocol.Destination;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Everything a new client has to know, as one URL to paste:
 * {@code holdfast://gw.example:7443,192.0.2.1:7443/user=alice,pin=...,code=...,expires=1795000000}.
 *
 * <p>The fields are joined by commas because {@code ?} and {@code &} mean something to a shell, and this URL is pasted there without quotes.
 * Fields this version does not know are ignored, so that later versions can add some.
 *
 * @param addresses where the gateway can be reached, at least one; all are the same gateway
 * @param gateway the pin of the gateway's key
 * @param next the pin by which the gateway is going to be known, while it changes its key
 * @param user the name the client's key is to be stored under
 * @param code the one-time secret, of base64url characters
 * @param expiry when the code stops working, in whole seconds
 */
public record Invitation(
        List<Destination> addresses, Pin gateway, Optional<Pin> next, String user, String code, Instant expiry) {
    private static final String SCHEME = "holdfast://";
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{16,64}");
    private static final Pattern HOST = Pattern.compile("[a-z0-9._-]+");
    private static final int MAX_LENGTH = 8192;
    private static final int MAX_ADDRESSES = 16;

    public Invitation {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty() || addresses.size() > MAX_ADDRESSES) {
            throw new IllegalArgumentException(
                    "1 to " + MAX_ADDRESSES + " addresses are expected, not " + addresses.size());
        }
        addresses.forEach(Invitation::requireReachable);
        UserName.require(user);
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException("its code is damaged: 16 to 64 of A-Z a-z 0-9 - and _ are expected");
        }
        if (expiry.getNano() != 0 || expiry.getEpochSecond() < 0) {
            throw new IllegalArgumentException("its expiry is not in whole seconds since 1970");
        }
    }

    /** An invitation of a gateway that does not change its key. */
    public Invitation(List<Destination> addresses, Pin gateway, String user, String code, Instant expiry) {
        this(addresses, gateway, Optional.empty(), user, code, expiry);
    }

    /** The keys by which the gateway is known: that of now, and that to come. */
    public Set<Pin> gatewayKeys() {
        return next.isEmpty() || next.get().equals(gateway) ? Set.of(gateway) : Set.of(gateway, next.get());
    }

    /**
     * Reads the URL; blanks around it are cut off.
     *
     * @throws IllegalArgumentException that says what is wrong with it, without the code
     */
    public static Invitation parse(String text) {
        String url = text.strip();
        if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new IllegalArgumentException("an invitation starts with " + SCHEME);
        }
        if (url.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "the invitation has " + url.length() + " characters, more than " + MAX_LENGTH);
        }
        if (url.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalArgumentException(
                    "the invitation has a blank, a line break or a foreign character in it: paste it as one line");
        }
        int slash = url.indexOf('/', SCHEME.length());
        if (slash < 0) {
            throw new IllegalArgumentException("the invitation ends after its addresses: it was cut off");
        }
        Map<String, String> fields = fields(url.substring(slash + 1));
        return new Invitation(
                addresses(url.substring(SCHEME.length(), slash)),
                pin(field(fields, "pin")),
                Optional.ofNullable(fields.get("next")).map(Invitation::pin),
                field(fields, "user"),
                field(fields, "code"),
                expiry(field(fields, "expires")));
    }

    /** The one line that {@link #parse} reads. It is a secret until it is used or has expired. */
    public String toUrl() {
        StringBuilder url = new StringBuilder(SCHEME);
        for (int i = 0; i < addresses.size(); i++) {
            url.append(i == 0 ? "" : ",").append(addresses.get(i));
        }
        return url.append("/user=")
                .append(user)
                .append(",pin=")
                .append(gateway)
                .append(next.map(pin -> ",next=" + pin).orElse(""))
                .append(",code=")
                .append(code)
                .append(",expires=")
                .append(expiry.getEpochSecond())
                .toString();
    }

    public boolean isExpiredAt(Instant now) {
        return !now.isBefore(expiry);
    }

    /** Without the code. */
    @Override
    public String toString() {
        return "Invitation[" + user + " at " + addresses + ", gateway " + gateway + ", until " + expiry + "]";
    }

    /**
     * Reads an address at which a gateway can be reached.
     *
     * @throws IllegalArgumentException unless it is HOST:PORT with a host name or an IP address
     */
    public static Destination address(String text) {
        if (text.startsWith("unix:") || text.startsWith("/")) {
            throw new IllegalArgumentException("'" + text + "' is not HOST:PORT");
        }
        Destination address = Destination.parse(text);
        requireReachable(address);
        return address;
    }

    private static void requireReachable(Destination address) {
        if (address instanceof Destination.Unix) {
            throw new IllegalArgumentException("'" + address + "' is not HOST:PORT");
        }
        if (address.port() == 0) {
            throw new IllegalArgumentException("'" + address + "': port 0 cannot be reached");
        }
        // Commas and slashes would come back as something else.
        if (address instanceof Destination.Name name
                && !HOST.matcher(name.host()).matches()) {
            throw new IllegalArgumentException(
                    "'" + name.host() + "' is not a host name: letters, digits, '.', '-' and '_'");
        }
    }

    private static List<Destination> addresses(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the invitation names no address");
        }
        return Stream.of(text.split(",", -1)).map(Invitation::address).toList();
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String each : text.split(",", -1)) {
            int equals = each.indexOf('=');
            if (equals <= 0) {
                // Its text is not shown: it may be a piece of the code.
                throw new IllegalArgumentException(
                        "the invitation has a field without a name: it was cut off or changed");
            }
            String name = each.substring(0, equals);
            if (fields.put(name, each.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("the invitation names '" + name + "' twice");
            }
        }
        return fields;
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("the invitation has no '" + name + "': it was cut off");
        }
        return value;
    }

    private static Pin pin(String text) {
        try {
            return Pin.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the invitation's pin is damaged: " + e.getMessage(), e);
        }
    }

    private static Instant expiry(String text) {
        if (!text.matches("[0-9]{1,12}")) {
            throw new IllegalArgumentException(
                    "the invitation's expiry '" + text + "' is not a number of seconds since 1970");
        }
        return Instant.ofEpochSecond(Long.parseLong(text));
    }
}
