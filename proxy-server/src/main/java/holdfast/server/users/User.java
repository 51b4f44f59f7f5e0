package holdfast.server.users;

import holdfast.identity.Pin;
import java.util.List;
import java.util.Set;

/**
 * Somebody who may use the gateway.
 *
 * @param name legal as {@link holdfast.identity.UserName} has it
 * @param disabled whether his keys are turned away for now
 * @param devices his keys
 * @param groups whose rules hold for him, as his own file of groups says
 */
public record User(String name, boolean disabled, List<Device> devices, Set<String> groups) {
    public User {
        devices = List.copyOf(devices);
        groups = Set.copyOf(groups);
    }

    boolean has(Pin key) {
        return devices.stream().anyMatch(each -> each.key().equals(key));
    }
}
