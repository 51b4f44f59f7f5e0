package holdfast.client.dialer;

import holdfast.protocol.Destination;
import holdfast.protocol.PathStanding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which routes are to be dialed, in which order, and how their paths are to be used: every combination of an interface and an address of the
 * gateway, as far as the user's rules let them. The first rule that fits a route decides; a route that no rule fits is not used. Without rules all
 * are, and all are active. The rules are about what is dialed from this machine; relays are ways of their own, each to every address of the gateway.
 *
 * @param rules what the user has said, the preferred first
 * @param canBind whether a connection can be bound to an interface
 * @param ways through which relays, or through none, the preferred first; at least one
 */
public record PathPlan(List<PathRule> rules, boolean canBind, List<Way> ways) {
    /** Dialed from this machine. */
    public static final Way DIRECT = new Way("", PathStanding.ACTIVE);

    /**
     * Through which relays to go.
     *
     * @param relays as {@link Route#relays}
     * @param standing how such paths are to be used at best
     */
    public record Way(String relays, PathStanding standing) {}

    /** Through no relays. */
    public PathPlan(List<PathRule> rules, boolean canBind) {
        this(rules, canBind, List.of(DIRECT));
    }

    /** The same rules, for other ways. */
    public PathPlan through(List<Way> others) {
        return new PathPlan(rules, canBind, others);
    }

    public PathPlan {
        rules = List.copyOf(rules);
        ways = List.copyOf(ways);
        Optional<PathRule> impossible = canBind
                ? Optional.empty()
                : rules.stream().filter(PathRule::namesInterface).findFirst();
        if (impossible.isPresent()) {
            throw new IllegalArgumentException("the path '" + impossible.get()
                    + "' names an interface, and dialing by one needs Linux and the epoll transport: name gateway addresses"
                    + " only, as in @gw.example:7443=standby");
        }
    }

    /**
     * The routes to dial, the preferred first.
     *
     * @param addresses of the gateway, HOST:PORT
     * @param interfaces of this machine
     */
    public Map<Route, PathStanding> routes(Collection<String> addresses, List<LocalInterface> interfaces) {
        Map<Route, PathStanding> planned = new LinkedHashMap<>();
        for (Way way : ways) {
            if (way.relays().isEmpty()) {
                dialedFromHere(addresses, interfaces)
                        .forEach((route, standing) -> planned.put(route, worse(standing, way.standing())));
            } else {
                for (String each : addresses) {
                    Destination to = Destination.parse(each);
                    planned.put(new Route(Route.hostOf(to), to.port(), Optional.empty(), way.relays()), way.standing());
                }
            }
        }
        return planned;
    }

    private static PathStanding worse(PathStanding one, PathStanding other) {
        return one.code() > other.code() ? one : other;
    }

    private Map<Route, PathStanding> dialedFromHere(Collection<String> addresses, List<LocalInterface> interfaces) {
        List<Route> all = new ArrayList<>();
        addresses.forEach(each -> add(Destination.parse(each), interfaces, all));
        Map<Route, PathStanding> planned = new LinkedHashMap<>();
        if (rules.isEmpty()) {
            all.forEach(each -> planned.put(each, PathStanding.ACTIVE));
        }
        for (PathRule rule : rules) {
            for (Route each : all) {
                if (isDecidedBy(rule, each)) {
                    rule.standing().ifPresent(standing -> planned.put(each, standing));
                }
            }
        }
        return planned;
    }

    private void add(Destination to, List<LocalInterface> interfaces, List<Route> all) {
        String host = Route.hostOf(to);
        boolean near = to instanceof Destination.Ip ip && ip.address().isLoopbackAddress();
        boolean binds = interfaces.size() > 1 || rules.stream().anyMatch(PathRule::namesInterface);
        if (near || !canBind || !binds) {
            all.add(new Route(host, to.port(), Optional.empty()));
            return;
        }
        for (LocalInterface each : interfaces) {
            if (!(to instanceof Destination.Ip ip)
                    || ip.address().getAddress().length == each.address().getAddress().length) {
                all.add(new Route(host, to.port(), Optional.of(each)));
            }
        }
    }

    private boolean isDecidedBy(PathRule rule, Route route) {
        return rules.stream()
                .filter(each -> each.matches(route.host(), route.port(), route.via()))
                .findFirst()
                .filter(rule::equals)
                .isPresent();
    }
}
