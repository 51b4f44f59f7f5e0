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
        if (destination instanceof Destination.Unix unix) {
            return ofPath(policy, user, verb, unix.path());
        }
        String name = HostText.nameOf(destination);
        StringBuilder text = new StringBuilder();
        boolean allowed = false;
        try {
            for (InetAddress each : addresses(destination, name, lookup)) {
                Verdict verdict = policy.decide(user, verb, name, each, destination.port());
                allowed |= verdict.allowed();
                String at = new Destination.Ip(each, destination.port()) + (name == null ? "" : "  (" + name + ")");
                append(text, user, verb, at, verdict);
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

    private static WhyAnswer ofPath(Policy policy, String user, Verb verb, String path) {
        if (verb != Verb.CONNECT && verb != Verb.LISTEN) {
            return new WhyAnswer(false, path + " is the path of a socket; ask with  --kind connect  or  --kind listen");
        }
        Verdict verdict = policy.path(user, verb, path);
        StringBuilder text = new StringBuilder();
        append(text, user, verb, path, verdict);
        return new WhyAnswer(verdict.allowed(), text.toString().stripTrailing());
    }

    private static void append(StringBuilder text, String user, Verb verb, String place, Verdict verdict) {
        text.append(verdict.allowed() ? "allowed" : "refused")
                .append("  ")
                .append(user)
                .append("  ")
                .append(verb)
                .append("  ")
                .append(place)
                .append("\n  ")
                .append(verdict.rule())
                .append('\n');
        if (!verdict.place().isEmpty()) {
            text.append("  rule at ").append(verdict.place()).append('\n');
        }
    }
}
