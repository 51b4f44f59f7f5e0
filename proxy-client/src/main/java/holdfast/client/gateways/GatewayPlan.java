package holdfast.client.gateways;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which gateways a client uses, for what, and how it gets to them.
 *
 * @param logins all that are needed, by name, those of relays too
 * @param usual for what no rule is about, the preferred first; at least one
 * @param rules the first that covers a destination decides
 * @param ways to every gateway that destinations are reached by, the preferred first; at least one
 */
public record GatewayPlan(Map<String, Login> logins, List<String> usual, List<GatewayRule> rules, List<Via> ways) {
    /**
     * A plan.
     *
     * @throws IllegalArgumentException where a login is named twice, or a way leads through the gateway that it is a way to
     */
    public GatewayPlan {
        logins = Map.copyOf(logins);
        usual = GatewayRule.names(String.join(",", usual));
        rules = List.copyOf(rules);
        ways = ways.isEmpty() ? List.of(Via.DIRECTLY) : List.copyOf(ways);
        for (Via way : ways) {
            for (String target : targets(usual, rules)) {
                if (way.relays().contains(target)) {
                    throw new IllegalArgumentException("the way " + way + " leads through " + target + " to " + target
                            + " itself; a login serves programs or is a relay, in one run");
                }
            }
        }
    }

    /** One login, directly. */
    public static GatewayPlan of(Login login) {
        return new GatewayPlan(Map.of(login.name(), login), List.of(login.name()), List.of(), List.of());
    }

    /** The logins that destinations are reached by, that of most first. */
    Set<String> targets() {
        return targets(usual, rules);
    }

    /** The names that have to be among the logins. */
    public static Set<String> names(List<String> usual, List<GatewayRule> rules, List<Via> ways) {
        Set<String> names = new LinkedHashSet<>(targets(usual, rules));
        ways.forEach(each -> names.addAll(each.relays()));
        return names;
    }

    private static Set<String> targets(List<String> usual, List<GatewayRule> rules) {
        Set<String> targets = new LinkedHashSet<>(usual);
        rules.forEach(each -> targets.addAll(each.logins()));
        return targets;
    }

    /** The one for what no rule is about, if its gateway answers. */
    public Login usualLogin() {
        return login(usual.get(0));
    }

    /** Whether it is about anything else than one gateway without relays. */
    public boolean isMoreThanOneDirectly() {
        return logins.size() > 1 || !ways.equals(List.of(Via.DIRECTLY));
    }

    /** The login of this name. */
    public Login login(String name) {
        Login login = logins.get(name);
        if (login == null) {
            throw new IllegalStateException("no login " + name);
        }
        return login;
    }

    /** Every address of every gateway, HOST:PORT. */
    public List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        logins.values().forEach(each -> addresses.addAll(each.addresses()));
        return addresses;
    }
}
