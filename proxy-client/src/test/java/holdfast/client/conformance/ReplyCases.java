package holdfast.client.conformance;

import static holdfast.client.conformance.Dialogue.isRefused;
import static holdfast.client.conformance.SocksBytes.bytes;
import static holdfast.client.conformance.SocksBytes.join;
import static holdfast.client.conformance.SocksBytes.requestName;
import static holdfast.client.conformance.SocksBytes.text;

import holdfast.client.conformance.SocksCase.Need;
import holdfast.client.fixture.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every SOCKS5 reply code, from what really happened at the gateway. The hosts are those of our gateway in memory. */
final class ReplyCases {
    /** A host that the gateway accepts and then breaks off from, before it says so. */
    static final String BREAKING = "breaking.test";

    private static final Map<String, Integer> REPLIES = Map.ofEntries(
            Map.entry("GENERAL_FAILURE", 1),
            Map.entry("NOT_ALLOWED", 2),
            Map.entry("NETWORK_UNREACHABLE", 3),
            Map.entry("HOST_UNREACHABLE", 4),
            Map.entry("NAME_NOT_FOUND", 4),
            Map.entry("CONNECTION_REFUSED", 5),
            Map.entry("TIMED_OUT", 6),
            Map.entry("KIND_NOT_SUPPORTED", 7),
            Map.entry("ADDRESS_NOT_SUPPORTED", 8),
            Map.entry("CONNECTION_RESET", 1),
            Map.entry("CANCELLED", 1),
            Map.entry("LIMIT_REACHED", 1),
            Map.entry("INTERNAL", 1),
            Map.entry("ADDRESS_UNAVAILABLE", 1),
            Map.entry("SESSION_GONE", 1),
            Map.entry("GATEWAY_UNREACHABLE", 1));

    /** The names of the error codes that a destination of our gateway fails with. */
    static final List<String> FAULTS = REPLIES.keySet().stream().sorted().toList();

    private ReplyCases() {}

    /** The host that fails in this way. */
    static String host(String fault) {
        return fault.toLowerCase(Locale.ROOT).replace('_', '-') + ".test";
    }

    static List<SocksCase> all() {
        List<SocksCase> cases = new ArrayList<>();
        for (String fault : FAULTS) {
            int reply = REPLIES.getOrDefault(fault, -1);
            cases.add(new SocksCase(
                    "replies: " + fault + " is told as " + reply,
                    Need.OUR_GATEWAY,
                    s -> isRefused(s.greeted().says(requestName(1, text(host(fault)), s.echoPort())), reply)));
        }
        cases.add(new SocksCase(
                "replies: a stream that breaks before it is accepted is a failure",
                Need.OUR_GATEWAY,
                s -> isRefused(s.greeted().says(requestName(1, text(BREAKING), s.echoPort())), 1)));
        cases.add(new SocksCase(
                "replies: success shows the address that the gateway went out from", Need.OUR_GATEWAY, s -> {
                    Program program = s.greeted().says(requestName(1, text("localhost"), s.echoPort()));
                    program.hears(join(bytes(5, 0, 0, 1, 192, 0, 2, 10), bytes(40001 >> 8, 40001)))
                            .close();
                }));
        cases.add(new SocksCase("replies: success shows an IPv6 address as such", Need.OUR_GATEWAY, s -> {
            Program program = s.greeted().says(requestName(1, text("from-ip6.test"), s.echoPort()));
            program.hears(join(bytes(5, 0, 0, 4, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7), bytes(0, 9)))
                    .close();
        }));
        cases.add(new SocksCase("replies: a failure shows the address 0.0.0.0:0", Need.OUR_GATEWAY, s -> {
            Program program = s.greeted().says(requestName(1, text(host("TIMED_OUT")), s.echoPort()));
            program.hears(5, 6, 0, 1, 0, 0, 0, 0, 0, 0).hearsTheEnd().close();
        }));
        return cases;
    }
}
