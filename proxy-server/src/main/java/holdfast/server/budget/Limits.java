package holdfast.server.budget;

import java.util.Map;

/**
 * All limits that the owner of a gateway sets.
 *
 * @param door what holds for strangers and for all together
 * @param everyone what each user may have who has no limits of their own
 * @param users the limits of single users
 */
public record Limits(DoorLimits door, UserLimits everyone, Map<String, UserLimits> users) {
    public static final Limits DEFAULT = new Limits(DoorLimits.DEFAULT, UserLimits.DEFAULT, Map.of());

    public Limits {
        users = Map.copyOf(users);
    }

    /** What this user may have. */
    public UserLimits of(String user) {
        return users.getOrDefault(user, everyone);
    }
}
