package holdfast.server.config;

import holdfast.console.Settings;
import holdfast.identity.Pin;
import holdfast.server.chain.ChainSettings;
import holdfast.server.policy.Rule;
import java.util.Set;

/** The table {@code [chains]} of {@code gateway.toml}. */
final class ChainTable {
    private ChainTable() {}

    static ChainSettings read(Settings chains) {
        return new ChainSettings(
                chains.placed("relay-to", ChainTable::gateway), Set.copyOf(chains.list("accept-from", Pin::parse)));
    }

    private static Rule gateway(String text, String place) {
        if (text.indexOf(' ') >= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not ADDRESS[/BITS][:PORTS] or NAME[:PORTS] of a gateway");
        }
        return Rule.parse(true, text, place);
    }
}
