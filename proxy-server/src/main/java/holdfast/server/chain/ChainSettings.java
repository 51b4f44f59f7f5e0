package holdfast.server.chain;

import holdfast.identity.Pin;
import holdfast.server.policy.Rule;
import java.util.List;
import java.util.Set;

/**
 * What the gateway's owner says of chains.
 *
 * @param relayTo further gateways that clients may reach through this one
 * @param acceptFrom relays through which clients may come; every relay of a chain has to be among them
 */
public record ChainSettings(List<Rule> relayTo, Set<Pin> acceptFrom) {
    /** This gateway is no relay, and is reached directly only. */
    public static final ChainSettings NONE = new ChainSettings(List.of(), Set.of());

    public ChainSettings {
        relayTo = List.copyOf(relayTo);
        acceptFrom = Set.copyOf(acceptFrom);
    }
}
