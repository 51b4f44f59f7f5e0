package holdfast.server.destination;

import holdfast.protocol.Destination;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Verb;
import holdfast.server.policy.Verdict;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the policy says of a destination, and why, for people.
 *
 * @param allowed whether the user gets there, by one address at least
 * @param text a line or two for each address
 */
public record WhyAnswer(boolean allowed, String text) {
    /** Resolves the destination as an OPEN would and asks the policy of each address. May wait for the resolver. */
    public static WhyAnswer of(Policy policy, String user, Verb verb, Destination destination, NameLookup lookup) {
        String name = HostText.nameOf(destination);
        StringBuilder text = new StringBuilder();
        boolean allowed = false;
        try {
            for (InetAddress each : addresses(destination, name, lookup)) {
                Verdict verdict = policy.decide(user, verb, name, each, destination.port());
                allowed |= verdict.allowed();
                append(text, user, verb, destination, each, name, verdict);
            }
        } catch (UnknownHostException | IllegalArgumentException e) {
            return new WhyAnswer(false, destination + " has no address: " + e.getMessage());
        }
        return new WhyAnswer(allowed, text.toString().stripTrailing());
    }

    private static List<InetAddress> addresses(Destination destination, @Nullable String name, NameLookup lookup)
            throws UnknownHostException {
        if (name != null) {
            return List.of(lookup.addressesOf(name));
        }
        if (destination instanceof Destination.Ip ip) {
            return List.of(ip.address());
        }
        InetAddress literal = destination instanceof Destination.Name written ? HostText.address(written.host()) : null;
        if (literal == null) {
            throw new UnknownHostException("it is no host and port");
        }
        return List.of(literal);
    }

    private static void append(
            StringBuilder text,
            String user,
            Verb verb,
            Destination destination,
            InetAddress address,
            @Nullable String name,
            Verdict verdict) {
        text.append(verdict.allowed() ? "allowed" : "refused")
                .append("  ")
                .append(user)
                .append("  ")
                .append(verb)
                .append("  ")
                .append(new Destination.Ip(address, destination.port()))
                .append(name == null ? "" : "  (" + name + ")")
                .append("\n  ")
                .append(verdict.rule())
                .append('\n');
        if (!verdict.place().isEmpty()) {
            text.append("  rule at ").append(verdict.place()).append('\n');
        }
    }
}
