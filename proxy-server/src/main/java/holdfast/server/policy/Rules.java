package holdfast.server.policy;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is open beyond the default, for everybody or for one user.
 *
 * @param allow destinations
 * @param listen addresses and ports of the gateway that users may listen at
 */
public record Rules(List<AddressRule> allow, List<ListenRule> listen) {
    public static final Rules NONE = new Rules(List.of(), List.of());

    public Rules {
        allow = List.copyOf(allow);
        listen = List.copyOf(listen);
    }

    /** These and those. */
    public Rules and(Rules more) {
        return new Rules(
                Stream.concat(allow.stream(), more.allow.stream()).toList(),
                Stream.concat(listen.stream(), more.listen.stream()).toList());
    }
}
