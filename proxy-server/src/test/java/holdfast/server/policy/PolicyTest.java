package holdfast.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.protocol.StreamKind;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyTest {
    private static final OwnAddresses OWN = OwnAddresses.of(List.of(address("198.100.1.1"), address("2a00::1")));
    private static final Policy DEFAULT = policy();

    /** The edges of every closed range, and the well-known addresses in them. */
    private static final String[] CLOSED_IP4 = {
        "0.0.0.0",
        "0.0.0.1",
        "0.255.255.255",
        "10.0.0.0",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.0",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.0",
        "127.0.0.1",
        "127.0.1.1",
        "127.255.255.255",
        "168.63.129.16",
        "169.254.0.0",
        "169.254.169.254",
        "169.254.169.123",
        "169.254.170.2",
        "169.254.255.255",
        "172.16.0.0",
        "172.17.0.1",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.192",
        "192.0.0.255",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.1.1",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.255",
        "224.0.0.0",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.0",
        "255.255.255.254",
        "255.255.255.255"
    };

    private static final String[] CLOSED_IP6 = {
        "::",
        "::1",
        "::2",
        "::8.8.8.8",
        "fe80::",
        "fe80::1",
        "febf:ffff::1",
        "fec0::1",
        "feff::1",
        "fc00::",
        "fc00::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fdff:ffff::1",
        "ff00::",
        "ff02::1",
        "ff0e::1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "100::1",
        "64:ff9b:1::1",
        "64:ff9b:1:ffff::8.8.8.8",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "3fff::1",
        "5f00::1"
    };

    private static final String[] OPEN = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "2001:4860:4860::8888",
        "2003::1",
        "fbff::1",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
        "2001:0:808:808::f7f7:f7f7",
        "2a00::5efe:808:808"
    };

    private static List<String> closedSpellings() {
        List<String> spellings = new ArrayList<>(List.of(CLOSED_IP4));
        spellings.addAll(List.of(CLOSED_IP6));
        for (String each : CLOSED_IP4) {
            byte[] b = address(each).getAddress();
            String high = hex(b[0], b[1]);
            String low = hex(b[2], b[3]);
            spellings.add("::ffff:" + each);
            spellings.add("::ffff:" + high + ":" + low);
            spellings.add("0:0:0:0:0:FFFF:" + high + ":" + low);
            spellings.add("::" + each);
            spellings.add("64:ff9b::" + each);
            spellings.add("64:ff9b:1::" + each);
            spellings.add("2002:" + high + ":" + low + "::1");
            spellings.add("2002:" + high + ":" + low + ":1:2:3:4:5");
            spellings.add("2001:0:" + high + ":" + low + "::f7f7:f7f7");
            spellings.add("2001:0:808:808:0:0:" + hex(~b[0], ~b[1]) + ":" + hex(~b[2], ~b[3]));
            spellings.add("2a00:1450::5efe:" + each);
            spellings.add("2a00:1450::200:5efe:" + each);
        }
        return spellings;
    }

    @Test
    void aClosedAddressIsRefusedInEverySpellingAndAnExplicitRuleOpensIt() {
        List<String> spellings = closedSpellings();
        assertThat(spellings).hasSizeGreaterThan(500);
        for (String spelling : spellings) {
            InetAddress address = address(spelling);
            for (StreamKind kind : StreamKind.values()) {
                assertThat(DEFAULT.check("alice", kind, address, 80).allowed())
                        .as(spelling)
                        .isFalse();
            }

            assertThat(policy(spelling).check("alice", StreamKind.TCP, address, 80))
                    .isEqualTo(opened(address, ""));
            assertThat(policy("[" + spelling + "]:80").check("alice", StreamKind.TCP, address, 80))
                    .isEqualTo(opened(address, ":80"));
            assertThat(policy("[" + spelling + "]:81")
                            .check("alice", StreamKind.TCP, address, 80)
                            .allowed())
                    .as(spelling)
                    .isFalse();
        }
    }

    @Test
    void everyRuleThatARefusalNamesOpensTheAddress() {
        for (String spelling : closedSpellings()) {
            InetAddress address = address(spelling);
            String refusal = DEFAULT.check("alice", StreamKind.TCP, address, 80).rule();

            List<String> rules = rulesNamedIn(refusal);

            assertThat(rules).as(refusal).isNotEmpty();
            for (String rule : rules) {
                assertThat(policy(rule)
                                .check("alice", StreamKind.TCP, address, 80)
                                .allowed())
                        .as("%s opens %s", rule, spelling)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.1",
                "127.0.1",
                "2130706433",
                "0x7f.0.0.1",
                "0x7f000001",
                "017700000001",
                "127.0.0.1.",
                "0",
                "localhost",
                "10.1",
                "169.254.43518",
                "2852039166",
                "0xa9fea9fe"
            })
    void aNameThatAResolverTakesForAClosedAddressLeadsNowhere(String name) {
        try {
            for (InetAddress each : InetAddress.getAllByName(name)) {
                assertThat(DEFAULT.check("alice", StreamKind.TCP, each, 80).allowed())
                        .isFalse();
            }
        } catch (UnknownHostException e) {
            assertThat(e).hasMessageContaining(name);
        }
    }

    @Test
    void publicAddressesAreOpenUpToTheEdgesOfTheClosedRanges() {
        for (String each : OPEN) {
            for (StreamKind kind : List.of(StreamKind.TCP, StreamKind.UDP, StreamKind.RESOLVE, StreamKind.GATEWAY)) {
                assertThat(DEFAULT.check("alice", kind, address(each), 443))
                        .as(each)
                        .isEqualTo(new Verdict(true, "public address"));
            }
        }
    }

    @Test
    void aMappedAddressThatJavaDidNotConvertIsItsIp4Address() throws UnknownHostException {
        byte[] bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, 3};
        InetAddress address = Inet6Address.getByAddress("x", bytes, 3);
        assertThat(address).isInstanceOf(Inet6Address.class);

        assertThat(DEFAULT.check("alice", StreamKind.TCP, address, 80).rule()).startsWith("10.1.2.3 is in 10.0.0.0/8");
        assertThat(policy("10.0.0.0/8")
                        .check("alice", StreamKind.TCP, address, 80)
                        .allowed())
                .isTrue();
    }

    @Test
    void aLinkLocalAddressWithAScopeIsStillClosed() throws UnknownHostException {
        InetAddress address = Inet6Address.getByAddress(null, address("fe80::1").getAddress(), 1);

        assertThat(DEFAULT.check("alice", StreamKind.TCP, address, 80).allowed())
                .isFalse();
    }

    @Test
    void aRefusalNamesTheRangeAndTheRulesThatOpenIt() {
        assertThat(DEFAULT.check("alice", StreamKind.TCP, address("10.1.2.3"), 22)
                        .rule())
                .isEqualTo("10.1.2.3 is in 10.0.0.0/8 (a private network), closed unless the gateway has"
                        + "  --allow 10.1.2.3:22  or  --allow 10.0.0.0/8");
        assertThat(DEFAULT.check("alice", StreamKind.TCP, address("::1"), 80).rule())
                .isEqualTo("::1 is in ::1 (loopback), closed unless the gateway has  --allow [::1]:80");
        assertThat(DEFAULT.check("alice", StreamKind.RESOLVE, address("10.1.2.3"), 0)
                        .rule())
                .endsWith("--allow 10.1.2.3  or  --allow 10.0.0.0/8");
        assertThat(DEFAULT.check("alice", StreamKind.TCP, address("64:ff9b::10.1.2.3"), 22)
                        .rule())
                .isEqualTo(
                        "64:ff9b::a01:203 carries another address: 10.1.2.3 is in 10.0.0.0/8 (a private network), closed unless the"
                                + " gateway has  --allow 10.1.2.3:22  or  --allow 10.0.0.0/8");
    }

    @Test
    void aRuleOpensWhatItNamesAndNothingElse() {
        Policy policy = policy("10.77.100.0/24:7000-7999", "192.168.1.1");

        assertThat(policy.check("alice", StreamKind.TCP, address("10.77.100.1"), 7700)
                        .rule())
                .isEqualTo("allow 10.77.100.0/24:7000-7999");
        assertThat(policy.check("alice", StreamKind.TCP, address("10.77.100.1"), 8000)
                        .allowed())
                .isFalse();
        assertThat(policy.check("alice", StreamKind.TCP, address("10.77.101.1"), 7700)
                        .allowed())
                .isFalse();
        assertThat(policy.check("alice", StreamKind.UDP, address("192.168.1.1"), 53)
                        .allowed())
                .isTrue();
        assertThat(policy.check("alice", StreamKind.TCP, address("192.168.1.2"), 53)
                        .allowed())
                .isFalse();
        assertThat(policy.check("alice", StreamKind.TCP, address("127.0.0.1"), 7700)
                        .allowed())
                .isFalse();
    }

    @Test
    void aRuleForAnIp4RangeAlsoOpensTheWayThroughATranslator() {
        assertThat(policy("10.0.0.0/8")
                        .check("alice", StreamKind.TCP, address("64:ff9b::10.1.2.3"), 80)
                        .allowed())
                .isTrue();
    }

    @Test
    void resolvingNeedsTheAddressButNoPort() {
        assertThat(policy("10.0.0.0/8:80")
                        .check("alice", StreamKind.RESOLVE, address("10.1.2.3"), 0)
                        .allowed())
                .isTrue();
    }

    @Test
    void theGatewaysOwnAddressesAreClosedUntilARuleNamesThem() {
        assertThat(DEFAULT.check("alice", StreamKind.TCP, address("198.100.1.1"), 22)
                        .rule())
                .isEqualTo("198.100.1.1 is an address of the gateway itself, closed unless the gateway has"
                        + "  --allow 198.100.1.1:22");
        assertThat(DEFAULT.check("alice", StreamKind.TCP, address("2a00::1"), 22)
                        .allowed())
                .isFalse();
        assertThat(DEFAULT.check("alice", StreamKind.TCP, address("64:ff9b::198.100.1.1"), 22)
                        .allowed())
                .isFalse();
        assertThat(policy("198.100.1.1:22")
                        .check("alice", StreamKind.TCP, address("198.100.1.1"), 22)
                        .allowed())
                .isTrue();
    }

    @Test
    void everyAddressOfThisMachineIsFoundAndClosed() throws IOException {
        try (OwnAddresses own = OwnAddresses.watch(List.of(address("198.100.1.1")))) {
            List<NetworkInterface> interfaces =
                    NetworkInterface.networkInterfaces().toList();
            assertThat(interfaces).isNotEmpty();
            for (NetworkInterface each : interfaces) {
                for (InterfaceAddress address : each.getInterfaceAddresses()) {
                    assertThat(own.contains(address.getAddress().getAddress())).isTrue();
                }
            }
            assertThat(own.contains(address("198.100.1.1").getAddress())).isTrue();
            assertThat(own.contains(address("8.8.8.8").getAddress())).isFalse();
        }
    }

    @Test
    void mailBetweenServersIsClosedUntilARuleNamesThePort() {
        assertThat(DEFAULT.check("alice", StreamKind.TCP, address("8.8.8.8"), 25)
                        .rule())
                .isEqualTo(
                        "port 25 is for mail between servers, and closed unless the gateway has  --allow 8.8.8.8:25");
        assertThat(policy("0.0.0.0/0:25")
                        .check("alice", StreamKind.TCP, address("8.8.8.8"), 25)
                        .allowed())
                .isTrue();
        assertThat(DEFAULT.check("alice", StreamKind.TCP, address("8.8.8.8"), 587)
                        .allowed())
                .isTrue();
    }

    @Test
    void aUsersRulesAreHisAlone() {
        Rules bobs = Rules.of(Rule.allow("10.5.0.0/16"), Rule.allowListen("8080", "test"));
        Policy policy = new Policy(
                new Sections(Rules.of(Rule.allow("10.6.0.0/16")), Map.of(), Map.of("bob", bobs), Map.of()), OWN);

        assertThat(policy.check("bob", StreamKind.TCP, address("10.5.0.1"), 80).allowed())
                .isTrue();
        assertThat(policy.check("bob", StreamKind.TCP, address("10.6.0.1"), 80).allowed())
                .isTrue();
        assertThat(policy.check("alice", StreamKind.TCP, address("10.5.0.1"), 80)
                        .allowed())
                .isFalse();
        assertThat(policy.check("alice", StreamKind.TCP, address("10.6.0.1"), 80)
                        .allowed())
                .isTrue();
        assertThat(policy.bind("bob", address("127.0.0.1"), 8080).allowed()).isTrue();
        assertThat(policy.bind("alice", address("127.0.0.1"), 8080).allowed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(StreamKind.class)
    void anAllowedDestinationIsNotAPlaceToListen(StreamKind kind) {
        Verdict verdict = policy("10.0.0.0/8").check("alice", kind, address("10.0.0.1"), 8080);

        assertThat(verdict.allowed()).isEqualTo(kind != StreamKind.BIND && kind != StreamKind.LISTEN);
    }

    @Test
    void listeningIsClosedUntilARuleOpensAddressAndPort() {
        Policy policy = listening("10.77.100.1:1024-65535", "[::1]:80");

        assertThat(policy.bind("alice", address("10.77.100.1"), 1024))
                .isEqualTo(new Verdict(true, "allow-listen 10.77.100.1:1024-65535", "test"));
        assertThat(policy.bind("alice", address("10.77.100.1"), 0).allowed()).isTrue();
        assertThat(policy.ports("alice", Verb.BIND, address("10.77.100.1")))
                .map(Ports::toString)
                .containsExactly("1024-65535");
        assertThat(policy.bind("alice", address("::1"), 80).allowed()).isTrue();
        assertThat(policy.bind("alice", address("10.77.100.1"), 1023).rule())
                .isEqualTo(
                        "listening at 10.77.100.1:1023 is closed unless the gateway has  --allow-listen 10.77.100.1:1023");
        assertThat(policy.bind("alice", address("10.77.100.2"), 2000).allowed()).isFalse();
        assertThat(policy.bind("alice", address("0.0.0.0"), 2000).allowed()).isFalse();
        assertThat(policy.bind("alice", address("::"), 80).allowed()).isFalse();
        assertThat(DEFAULT.bind("alice", address("127.0.0.1"), 0).rule()).endsWith("--allow-listen 127.0.0.1:PORTS");
    }

    @Test
    void whoMayListenEverywhereMayListenAnywhere() {
        for (String rule : new String[] {"8080", "0.0.0.0:8080"}) {
            Policy policy = listening(rule);
            assertThat(policy.bind("alice", address("0.0.0.0"), 8080).allowed()).isTrue();
            assertThat(policy.bind("alice", address("10.77.100.1"), 8080).allowed())
                    .isTrue();
            assertThat(policy.bind("alice", address("10.77.100.1"), 8081).allowed())
                    .isFalse();
        }
        assertThat(listening("8080").bind("alice", address("::"), 8080).allowed())
                .isTrue();
        assertThat(listening("0.0.0.0:8080").bind("alice", address("::"), 8080).allowed())
                .isFalse();
        assertThat(listening("[::]:8080").bind("alice", address("::1"), 8080).allowed())
                .isTrue();
    }

    private static List<String> rulesNamedIn(String refusal) {
        return Pattern.compile("--allow (\\S+)")
                .matcher(refusal)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static Policy policy(String... allow) {
        return policy(Stream.of(allow).map(Rule::allow));
    }

    private static Policy listening(String... listen) {
        return policy(Stream.of(listen).map(each -> Rule.allowListen(each, "test")));
    }

    private static Policy policy(Stream<Rule> rules) {
        return new Policy(new Sections(Rules.of(rules.toArray(Rule[]::new)), Map.of(), Map.of(), Map.of()), OWN);
    }

    private static Verdict opened(InetAddress address, String ports) {
        String text = Cidr.text(address.getAddress());
        boolean brackets = !ports.isEmpty() && address instanceof Inet6Address;
        return new Verdict(true, "allow " + (brackets ? "[" + text + "]" : text) + ports, "--allow");
    }

    private static String hex(int high, int low) {
        return Integer.toHexString((high & 0xff) << 8 | (low & 0xff));
    }

    private static InetAddress address(String text) {
        return Cidr.address(text);
    }
}
