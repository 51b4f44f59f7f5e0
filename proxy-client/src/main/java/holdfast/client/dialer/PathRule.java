package holdfast.client.dialer;

import holdfast.protocol.Destination;
import holdfast.protocol.PathStanding;
import java.util.Locale;
import java.util.Optional;

/**
 * What the user has said of some ways to the gateway, {@code [BY][@GATEWAY][=STANDING]}.
 *
 * @param by the interfaces: a name, the beginning of one with {@code *} behind it, or an address of this machine
 * @param host the gateway's host in the form of {@link Route#host}, or empty for all
 * @param port its port, or 0 for all
 * @param standing how such paths are to be used; empty: not at all
 */
public record PathRule(String by, Optional<String> host, int port, Optional<PathStanding> standing) {
    private static final String GRAMMAR =
            "a path is [INTERFACE][@GATEWAY[:PORT]][=active|standby|metered|off], for example wlan0, wwan0=metered,"
                    + " @gw.example:8443=standby or *=off";

    /**
     * Reads a rule.
     *
     * @throws IllegalArgumentException with what is wrong, for a person
     */
    public static PathRule parse(String text) {
        int mark = text.lastIndexOf('=');
        String what = mark < 0 ? text : text.substring(0, mark);
        int at = what.indexOf('@');
        String by = at < 0 ? what : what.substring(0, at);
        if (by.isEmpty() && at < 0) {
            throw new IllegalArgumentException("'" + text + "' names no path: " + GRAMMAR);
        }
        if (by.indexOf('*') >= 0 && by.indexOf('*') < by.length() - 1) {
            throw new IllegalArgumentException("'" + by + "': a * stands at the end of the interface's name only");
        }
        Optional<PathStanding> standing =
                mark < 0 ? Optional.of(PathStanding.ACTIVE) : standing(text, text.substring(mark + 1));
        if (at < 0) {
            return new PathRule(by, Optional.empty(), 0, standing);
        }
        Destination to = gateway(what.substring(at + 1));
        return new PathRule(by.isEmpty() ? "*" : by, Optional.of(Route.hostOf(to)), to.port(), standing);
    }

    private static Optional<PathStanding> standing(String text, String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "active" -> Optional.of(PathStanding.ACTIVE);
            case "standby" -> Optional.of(PathStanding.STANDBY);
            case "metered" -> Optional.of(PathStanding.METERED);
            case "off" -> Optional.empty();
            default -> throw new IllegalArgumentException("'" + word + "' in '" + text + "': " + GRAMMAR);
        };
    }

    /** The port is 0 where none is given. */
    private static Destination gateway(String text) {
        boolean hasPort = text.startsWith("[") ? text.indexOf("]:") > 0 : text.indexOf(':') >= 0;
        Destination to;
        try {
            to = Destination.parse(hasPort ? text : text + ":0");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is no address of a gateway: " + e.getMessage(), e);
        }
        if (to instanceof Destination.Unix || (hasPort && to.port() == 0)) {
            throw new IllegalArgumentException("'" + text + "' is no address of a gateway: " + GRAMMAR);
        }
        return to;
    }

    /** Whether it can only be kept where paths can be bound to an interface. */
    public boolean namesInterface() {
        return !by.equals("*");
    }

    boolean matches(String toHost, int toPort, Optional<LocalInterface> via) {
        return (host.isEmpty() || host.get().equalsIgnoreCase(toHost))
                && (port == 0 || port == toPort)
                && (!namesInterface() || via.filter(this::matchesInterface).isPresent());
    }

    private boolean matchesInterface(LocalInterface via) {
        return by.endsWith("*")
                ? via.name().startsWith(by.substring(0, by.length() - 1))
                : by.equals(via.name()) || isAddress(via);
    }

    private boolean isAddress(LocalInterface via) {
        if (by.indexOf('.') < 0 && by.indexOf(':') < 0) {
            return false;
        }
        try {
            Destination address = Destination.parse(by.indexOf(':') >= 0 ? "[" + by + "]:0" : by + ":0");
            return address instanceof Destination.Ip ip && ip.address().equals(via.address());
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    /** The same in the form that {@link #parse} reads. */
    @Override
    public String toString() {
        String to = host.map(each -> "@" + (each.indexOf(':') >= 0 ? "[" + each + "]" : each))
                .orElse("");
        String word = standing.map(each -> each.name().toLowerCase(Locale.ROOT)).orElse("off");
        return by + to + (port == 0 ? "" : ":" + port) + (word.equals("active") ? "" : "=" + word);
    }
}
