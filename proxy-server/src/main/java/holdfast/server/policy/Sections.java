package holdfast.server.policy;

import java.util.Map;
import java.util.Set;

/**
 * All rules there are.
 *
 * @param everyone for every user
 * @param groups for the members of groups, by the group's name
 * @param users for single users, by name
 * @param groupsOf in which groups a user is, by the user's name
 */
public record Sections(
        Rules everyone, Map<String, Rules> groups, Map<String, Rules> users, Map<String, Set<String>> groupsOf) {
    public Sections {
        groups = Map.copyOf(groups);
        users = Map.copyOf(users);
        groupsOf = Map.copyOf(groupsOf);
    }
}
