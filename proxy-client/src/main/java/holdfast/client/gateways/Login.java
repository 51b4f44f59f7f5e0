package holdfast.client.gateways;

import holdfast.client.session.KeyNews;
import holdfast.identity.Identity;
import holdfast.identity.UserName;
import java.util.List;
import java.util.Optional;

/**
 * Who this client is at one gateway.
 *
 * @param name of the login, on this machine
 * @param identity the key that the gateway knows
 * @param keys those by which the gateway is known
 * @param addresses where it is reached, HOST:PORT
 * @param domain where to ask for further addresses while it is not reached; empty for nowhere
 */
public record Login(String name, Identity identity, KeyNews keys, List<String> addresses, Optional<String> domain) {
    /** The one that  {@code login}  makes where no name is given. */
    public static final String DEFAULT = "default";

    /** Stands for no login where ways are named. */
    static final String DIRECT = "direct";

    /** Whether a login can be called so. */
    public static boolean isName(String text) {
        return UserName.isLegal(text) && !text.equals(DIRECT);
    }

    public Login {
        addresses = List.copyOf(addresses);
    }
}
