package holdfast.server.config;

import holdfast.console.Settings;
import holdfast.identity.UserName;
import holdfast.server.policy.Rule;
import holdfast.server.policy.Rules;
import holdfast.server.policy.Sections;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** The rules in {@code gateway.toml}: at its top those for everybody, under {@code [groups.NAME]} and {@code [users.NAME]} further ones. */
final class RuleSettings {
    private RuleSettings() {}

    /** @param further reads what else stands in a user's section */
    static Sections read(Settings settings, BiConsumer<String, Settings> further) {
        Rules everyone = rules(settings);
        Map<String, Rules> groups = new HashMap<>();
        Map<String, Set<String>> groupsOf = new HashMap<>();
        Settings groupTables = settings.table("groups");
        for (String group : groupTables.names(RuleSettings::requireGroupName)) {
            Settings table = groupTables.table(group);
            groups.put(group, rules(table));
            for (String member : table.list("members", UserName::require)) {
                groupsOf.computeIfAbsent(member, any -> new HashSet<>()).add(group);
            }
        }
        Map<String, Rules> users = new HashMap<>();
        Settings userTables = settings.table("users");
        for (String user : userTables.names(UserName::require)) {
            Settings table = userTables.table(user);
            users.put(user, rules(table));
            further.accept(user, table);
        }
        return new Sections(everyone, groups, users, groupsOf);
    }

    private static Rules rules(Settings settings) {
        List<Rule> rules = new ArrayList<>();
        rules.addAll(settings.placed("allow", (text, place) -> Rule.parse(true, text, place)));
        rules.addAll(settings.placed("deny", (text, place) -> Rule.parse(false, text, place)));
        rules.addAll(settings.placed("allow-listen", Rule::allowListen));
        return new Rules(rules, Optional.ofNullable(settings.text("public-addresses", RuleSettings::isOpen)));
    }

    private static boolean isOpen(String word) {
        return switch (word) {
            case "open" -> true;
            case "closed" -> false;
            default -> throw new IllegalArgumentException("'" + word + "' is neither open nor closed");
        };
    }

    private static String requireGroupName(String name) {
        if (!UserName.isLegal(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a group's name: letters, digits, '.', '_' and '-'");
        }
        return name;
    }
}
