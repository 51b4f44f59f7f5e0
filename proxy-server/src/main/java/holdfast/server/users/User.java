package holdfast.server.users;

import holdfast.identity.Pin;
import java.util.List;

/**
 * Somebody who may use the gateway.
 *
 * @param name legal as {@link holdfast.identity.UserName} has it
 * @param disabled whether his keys are turned away for now
 * @param devices his keys
 */
public record User(String name, boolean disabled, List<Device> devices) {
    public User {
        devices = List.copyOf(devices);
    }

    boolean has(Pin key) {
        return devices.stream().anyMatch(each -> each.key().equals(key));
    }
}
