package holdfast.server.policy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one section of the settings says: for everybody, for a group, or for one user.
 *
 * @param rules what it allows and denies; their order does not matter
 * @param publicOpen whether public addresses are open that no rule mentions; empty if the section does not say
 */
public record Rules(List<Rule> rules, Optional<Boolean> publicOpen) {
    public static final Rules NONE = new Rules(List.of(), Optional.empty());

    public Rules {
        rules = List.copyOf(rules);
    }

    /** Rules that say nothing of public addresses. */
    public static Rules of(Rule... rules) {
        return new Rules(List.of(rules), Optional.empty());
    }

    /** These and those; what those say of public addresses holds if these say nothing. */
    public Rules and(Rules more) {
        return new Rules(Stream.concat(rules.stream(), more.rules.stream()).toList(), publicOpen.or(more::publicOpen));
    }
}
