package holdfast.server.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules that hold for one user, with their verdicts made beforehand: every datagram asks. */
final class OpenRanges {
    /** Stands for a port where none is used. */
    static final int ANY_PORT = -1;

    private final List<Opening> openings;
    private final List<ListenRule> listen;

    OpenRanges(Rules rules) {
        this.openings = rules.allow().stream()
                .map(rule -> new Opening(rule, new Verdict(true, "allow " + rule)))
                .toList();
        this.listen = rules.listen();
    }

    private record Opening(AddressRule rule, Verdict verdict) {}

    /** The verdict of the first rule that opens the address and port; null if none does. */
    @Nullable Verdict verdict(byte[] address, int port) {
        for (Opening each : openings) {
            AddressRule rule = each.rule();
            if (rule.addresses().contains(address)
                    && (port == ANY_PORT || rule.ports().contains(port))) {
                return each.verdict();
            }
        }
        return null;
    }

    List<Ports> listenPorts(byte[] address) {
        return listen.stream()
                .filter(rule -> rule.isAbout(address))
                .map(ListenRule::ports)
                .toList();
    }
}
