package holdfast.client.door;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;

/**
 * One place where programs connect, and what they find there.
 *
 * @param address where it listens
 * @param service for every connection it accepts
 */
public record Listener(ListenAddress address, Service service) {
    /**
     * Refuses a proxy that other machines could use without a password. A forward has no way to ask for one; that it is open, its user has said by the
     * address.
     *
     * @throws FatalException 78
     */
    void requireSafe() throws FatalException {
        if (isOpenToOthers()
                && service instanceof Service.Proxy
                && service.policy().credentials() == null) {
            throw new FatalException(
                    ExitCode.CONFIG,
                    address
                            + " can be reached from other machines: set a user and password for it, or listen at 127.0.0.1");
        }
    }

    boolean isOpenToOthers() {
        return address.isOpenToOthers();
    }
}
