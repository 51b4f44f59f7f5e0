package holdfast.server.policy;

import holdfast.protocol.StreamKind;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a user may reach. To be asked for every stream, every datagram's destination and every listener, with the address that will be
 * used: after the name was resolved, not before.
 *
 * <p>Public addresses are open; private networks, the machine itself and whatever carries one of them inside are closed unless a rule names
 * them. Listening is closed unless a rule opens it. Safe for all threads; a check takes well under a microsecond and never waits.
 */
public final class Policy {
    private static final Verdict PUBLIC = new Verdict(true, "public address");
    private static final int SMTP = 25;

    private final OpenRanges everyone;
    private final Map<String, OpenRanges> users;
    private final OwnAddresses own;

    /**
     * A policy.
     *
     * @param everyone what is open to every user
     * @param users what is open to single users on top, by name
     * @param own addresses of the machine itself; borrowed
     */
    public Policy(Rules everyone, Map<String, Rules> users, OwnAddresses own) {
        this.everyone = new OpenRanges(everyone);
        Map<String, OpenRanges> ranges = new HashMap<>();
        users.forEach((user, rules) -> ranges.put(user, new OpenRanges(everyone.and(rules))));
        this.users = Map.copyOf(ranges);
        this.own = own;
    }

    /**
     * Whether the user may reach the address.
     *
     * @param kind for {@link StreamKind#BIND} the address and port are those to listen at, as for {@link #checkListen}; for
     *     {@link StreamKind#RESOLVE} the port does not count
     * @param port 0 to 65535
     */
    public Verdict check(String user, StreamKind kind, InetAddress address, int port) {
        if (kind == StreamKind.BIND) {
            return checkListen(user, address, port);
        }
        byte[] bytes = CarriedIp4.unmapped(address.getAddress());
        int asked = kind == StreamKind.RESOLVE ? OpenRanges.ANY_PORT : port;
        OpenRanges open = rangesOf(user);
        Verdict opened = open.verdict(bytes, asked);
        if (opened != null) {
            return opened;
        }
        String refusal = refusal(open, bytes, asked);
        if (refusal == null && asked == SMTP && kind != StreamKind.UDP) {
            refusal = "port 25 is for mail between servers, and" + closedUnless(bytes, asked);
        }
        return refusal == null ? PUBLIC : new Verdict(false, refusal);
    }

    /**
     * Whether the user may listen at this address of the gateway.
     *
     * @param port 0 for any one that {@link #listenPorts} has
     */
    public Verdict checkListen(String user, InetAddress address, int port) {
        for (Ports each : listenPorts(user, address)) {
            if (port == 0 || each.contains(port)) {
                return new Verdict(true, "allow-listen " + each);
            }
        }
        String place =
                place(CarriedIp4.unmapped(address.getAddress())) + ":" + (port == 0 ? "PORTS" : String.valueOf(port));
        return new Verdict(
                false, "listening at " + place + " is closed unless the gateway has  --allow-listen " + place);
    }

    /** The ports the user may listen at on this address of the gateway; empty if at none. */
    public List<Ports> listenPorts(String user, InetAddress address) {
        return rangesOf(user).listenPorts(CarriedIp4.unmapped(address.getAddress()));
    }

    /** Why an address that no rule opens is closed; null if it is not. */
    private @Nullable String refusal(OpenRanges open, byte[] address, int port) {
        String text = Cidr.text(address);
        ClosedRange closed = ClosedRange.of(address);
        if (closed != null) {
            String range = closed.addresses().toString();
            String wider = range.equals(text) ? "" : "  or  --allow " + range;
            return text + " is in " + range + " (" + closed.what() + ")," + closedUnless(address, port) + wider;
        }
        if (own.contains(address)) {
            return text + " is an address of the gateway itself," + closedUnless(address, port);
        }
        for (byte[] carried : CarriedIp4.in(address)) {
            String refusal = open.verdict(carried, port) == null ? refusal(open, carried, port) : null;
            if (refusal != null) {
                return text + " carries another address: " + refusal;
            }
        }
        return null;
    }

    private static String closedUnless(byte[] address, int port) {
        String place = port == OpenRanges.ANY_PORT || port == 0 ? Cidr.text(address) : place(address) + ":" + port;
        return " closed unless the gateway has  --allow " + place;
    }

    private static String place(byte[] address) {
        return address.length == 4 ? Cidr.text(address) : "[" + Cidr.text(address) + "]";
    }

    private OpenRanges rangesOf(String user) {
        return users.getOrDefault(user, everyone);
    }
}
