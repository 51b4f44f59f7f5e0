package holdfast.server.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range that no user reaches unless a rule opens it: what the special-purpose registries of IANA (RFC 6890) call not globally reachable, and
 * addresses at which clouds serve credentials to the machines inside.
 *
 * @param addresses the range
 * @param what it is, for the refusal
 */
record ClosedRange(Cidr addresses, String what) {
    /** The narrowest first where ranges overlap, so that a refusal names what an address really is. */
    private static final List<ClosedRange> ALL = List.of(
            range("169.254.169.254", "a cloud's metadata service"),
            range("100.100.100.200", "a cloud's metadata service"),
            range("168.63.129.16", "a cloud's host"),
            range("fd00:ec2::254", "a cloud's metadata service"),
            range("0.0.0.0/8", "this host"),
            range("10.0.0.0/8", "a private network"),
            range("100.64.0.0/10", "a carrier's private network"),
            range("127.0.0.0/8", "loopback"),
            range("169.254.0.0/16", "link-local"),
            range("172.16.0.0/12", "a private network"),
            range("192.0.0.0/24", "protocol assignments"),
            range("192.0.2.0/24", "documentation"),
            range("192.88.99.0/24", "6to4 relays"),
            range("192.168.0.0/16", "a private network"),
            range("198.18.0.0/15", "benchmarks"),
            range("198.51.100.0/24", "documentation"),
            range("203.0.113.0/24", "documentation"),
            range("224.0.0.0/4", "multicast"),
            range("255.255.255.255", "broadcast"),
            range("240.0.0.0/4", "reserved"),
            range("::", "this host"),
            range("::1", "loopback"),
            range("::/96", "IPv4-compatible addresses"),
            // Operators choose where in these the IPv4 address stands, so it cannot be looked at.
            range("64:ff9b:1::/48", "local NAT64"),
            range("100::/64", "discarded"),
            range("2001:2::/48", "benchmarks"),
            range("2001:10::/28", "key identifiers"),
            range("2001:20::/28", "key identifiers"),
            range("2001:db8::/32", "documentation"),
            range("3fff::/20", "documentation"),
            range("5f00::/16", "segment routing"),
            range("fc00::/7", "a private network"),
            range("fe80::/10", "link-local"),
            range("fec0::/10", "site-local"),
            range("ff00::/8", "multicast"));

    /** The range that closes the address, null if none does. */
    static @Nullable ClosedRange of(byte[] address) {
        for (ClosedRange each : ALL) {
            if (each.addresses.contains(address)) {
                return each;
            }
        }
        return null;
    }

    private static ClosedRange range(String addresses, String what) {
        return new ClosedRange(Cidr.parse(addresses), what);
    }
}
