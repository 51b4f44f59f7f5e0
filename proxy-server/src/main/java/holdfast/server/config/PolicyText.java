package holdfast.server.config;

import holdfast.protocol.Destination;
import holdfast.server.policy.Rule;
import holdfast.server.policy.Rules;
import holdfast.server.policy.Sections;
import holdfast.server.users.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the settings come to, for people. */
public final class PolicyText {
    private final GatewayConfig config;
    private final Sections sections;
    private final List<User> users;

    public PolicyText(GatewayConfig config, Sections sections, List<User> users) {
        this.config = config;
        this.sections = sections;
        this.users = List.copyOf(users);
    }

    /** Groups that users' files name and gateway.toml does not have: one line of complaint for each. */
    public List<String> strangeGroups() {
        List<String> complaints = new ArrayList<>();
        for (User each : users) {
            for (String group : new TreeSet<>(each.groups())) {
                if (!sections.groups().containsKey(group)) {
                    complaints.add("users/" + each.name() + ".groups: there is no group '" + group
                            + "' in gateway.toml; known are "
                            + String.join(", ", new TreeSet<>(sections.groups().keySet())));
                }
            }
        }
        return complaints;
    }

    /** All of it. */
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append("reached at   ").append(join(config.addresses())).append('\n');
        out.append("listens at   ").append(join(config.listen())).append('\n');
        out.append("holds        ").append(config.holding().usual().toMinutes()).append(" minutes\n");
        section(out, "everybody", sections.everyone());
        out.append("  public addresses are ")
                .append(sections.everyone().publicOpen().orElse(true) ? "open" : "closed")
                .append(", all others and listening closed, unless a rule says otherwise\n");
        new TreeMap<>(sections.groups()).forEach((name, rules) -> {
            section(out, "group " + name + ": " + String.join(", ", membersOf(name)), rules);
            publicAddresses(out, rules);
        });
        new TreeMap<>(sections.users()).forEach((name, rules) -> {
            section(out, "user " + name, rules);
            publicAddresses(out, rules);
        });
        for (User each : users) {
            Set<String> groups = sections.groupsOf().getOrDefault(each.name(), Set.of());
            out.append("user ")
                    .append(each.name())
                    .append(" has ")
                    .append(each.devices().size());
            out.append(each.devices().size() == 1 ? " device" : " devices");
            out.append(groups.isEmpty() ? "" : ", groups " + String.join(", ", new TreeSet<>(groups)));
            out.append(each.disabled() ? ", disabled" : "").append('\n');
        }
        return out.toString();
    }

    private Set<String> membersOf(String group) {
        return sections.groupsOf().entrySet().stream()
                .filter(each -> each.getValue().contains(group))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void section(StringBuilder out, String heading, Rules rules) {
        out.append(heading).append('\n');
        for (Rule each : rules.rules()) {
            out.append(String.format("  %-50s %s%n", each, each.place()));
        }
    }

    private static void publicAddresses(StringBuilder out, Rules rules) {
        rules.publicOpen()
                .ifPresent(open -> out.append("  public addresses are ").append(open ? "open\n" : "closed\n"));
    }

    private static String join(List<? extends Destination> addresses) {
        return addresses.stream().map(Destination::toString).collect(Collectors.joining("  "));
    }
}
