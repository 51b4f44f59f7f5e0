package holdfast.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rule decides where several speak of the same. */
final class RuleOrderTest {
    private static final OwnAddresses OWN = OwnAddresses.of(List.of());

    @Test
    void withinASectionADenialBeatsWhatAllows() {
        for (String[] order :
                new String[][] {{"allow 10.0.0.0/8", "deny 10.1.0.0/16"}, {"deny 10.1.0.0/16", "allow 10.0.0.0/8"}}) {
            Policy policy = policy(rules(order), Rules.NONE, Rules.NONE);

            assertThat(connect(policy, null, "10.2.0.1", 80).allowed()).isTrue();
            Verdict refused = connect(policy, null, "10.1.0.1", 80);
            assertThat(refused.allowed()).isFalse();
            assertThat(refused.rule()).isEqualTo("the gateway's rule  deny 10.1.0.0/16  (gateway.toml:7:3) refuses it");
            assertThat(refused.place()).isEqualTo("/home/gw/gateway.toml:7:3");
        }
    }

    @Test
    void theSectionNearestToTheUserDecides() {
        Policy groupOverAll = policy(rules("deny 10.1.0.0/16"), rules("allow 10.1.2.0/24"), Rules.NONE);
        assertThat(connect(groupOverAll, null, "10.1.2.3", 80).allowed()).isTrue();
        assertThat(connect(groupOverAll, null, "10.1.3.3", 80).allowed()).isFalse();

        Policy userOverGroup = policy(Rules.NONE, rules("allow 10.1.2.0/24"), rules("deny 10.1.2.3"));
        assertThat(connect(userOverGroup, null, "10.1.2.3", 80).allowed()).isFalse();
        assertThat(connect(userOverGroup, null, "10.1.2.4", 80).allowed()).isTrue();
        assertThat(userOverGroup
                        .connect("bob", null, Cidr.address("10.1.2.4"), 80)
                        .allowed())
                .isFalse();
    }

    @Test
    void ofTwoGroupsADenialInOneBeatsTheOther() {
        Sections sections = new Sections(
                Rules.NONE,
                Map.of("a", rules("allow 10.0.0.0/8"), "b", rules("deny 10.0.0.1")),
                Map.of(),
                Map.of("alice", Set.of("a", "b")));
        Policy policy = new Policy(sections, OWN);

        assertThat(connect(policy, null, "10.0.0.1", 80).allowed()).isFalse();
        assertThat(connect(policy, null, "10.0.0.2", 80).allowed()).isTrue();
    }

    @Test
    void aRuleHoldsForItsVerbsOnly() {
        Policy policy = policy(
                rules("allow udp 10.0.0.53:53", "deny connect 9.9.9.9", "allow bind 10.0.0.1:8000-8100"),
                Rules.NONE,
                Rules.NONE);
        InetAddress name = Cidr.address("10.0.0.53");

        assertThat(policy.udp("alice", null, name, 53).allowed()).isTrue();
        assertThat(policy.connect("alice", null, name, 53).allowed()).isFalse();
        assertThat(policy.udp("alice", null, Cidr.address("9.9.9.9"), 53).allowed())
                .isTrue();
        assertThat(policy.connect("alice", null, Cidr.address("9.9.9.9"), 53).allowed())
                .isFalse();
        assertThat(policy.bind("alice", Cidr.address("10.0.0.1"), 8000).allowed())
                .isTrue();
        assertThat(policy.listen("alice", Cidr.address("10.0.0.1"), 8000).allowed())
                .isFalse();
    }

    @Test
    void aDenialClosesPortsThatMayBeListenedAt() {
        Policy policy = policy(rules("allow listen 1-65535", "deny bind,listen 1-1023"), Rules.NONE, Rules.NONE);

        assertThat(policy.listen("alice", Cidr.address("10.0.0.1"), 80).allowed())
                .isFalse();
        assertThat(policy.listen("alice", Cidr.address("10.0.0.1"), 8080).allowed())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "www.corp.example, true",
        "WWW.Corp.Example., true",
        "a.b.corp.example, true",
        "corp.example, false",
        "wwwcorp.example, false",
        "corp.example.evil, false",
        ", false"
    })
    void aPatternIsAboutTheNamesBelowIt(@Nullable String name, boolean denied) {
        Policy policy = policy(rules("deny *.corp.example"), Rules.NONE, Rules.NONE);

        assertThat(connect(policy, name, "8.8.8.8", 443).allowed()).isEqualTo(!denied);
    }

    @Test
    void aNameOpensNoClosedAddress() {
        Policy policy = policy(rules("allow *.corp.example", "allow *"), Rules.NONE, Rules.NONE);

        for (String closed : List.of("10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "64:ff9b::10.0.0.1")) {
            assertThat(connect(policy, "www.corp.example", closed, 443).allowed())
                    .as(closed)
                    .isFalse();
        }
    }

    @Test
    void wherePublicAddressesAreClosedOnlyWhatIsNamedIsOpen() {
        Rules listed =
                new Rules(rules("allow *.corp.example:443", "allow 9.9.9.9:53").rules(), Optional.of(false));
        Policy policy = policy(listed, Rules.NONE, new Rules(List.of(), Optional.empty()));

        assertThat(connect(policy, "www.corp.example", "8.8.8.8", 443).allowed())
                .isTrue();
        assertThat(connect(policy, "www.corp.example", "8.8.8.8", 80).allowed()).isFalse();
        assertThat(connect(policy, null, "9.9.9.9", 53).allowed()).isTrue();
        assertThat(connect(policy, null, "8.8.8.8", 443).rule())
                .isEqualTo(
                        "no rule of the gateway opens 8.8.8.8:443, closed unless the gateway has  --allow 8.8.8.8:443");
        Policy forAlice = policy(listed, Rules.NONE, new Rules(List.of(), Optional.of(true)));
        assertThat(connect(forAlice, null, "8.8.8.8", 443).allowed()).isTrue();
    }

    @Test
    void whatIsDeniedIsDeniedInsideOtherAddressesToo() {
        Policy policy = policy(rules("deny 9.9.9.0/24", "allow ::/0"), Rules.NONE, Rules.NONE);

        for (String carrier : List.of("64:ff9b::9.9.9.9", "2002:909:909::1", "::9.9.9.9", "::ffff:9.9.9.9")) {
            assertThat(connect(policy, null, carrier, 80).allowed()).as(carrier).isFalse();
        }
    }

    @Test
    void mailNeedsARuleThatNamesItsPort() {
        assertThat(connect(policy(rules("allow *"), Rules.NONE, Rules.NONE), "mx.example", "8.8.8.8", 25)
                        .allowed())
                .isFalse();
        assertThat(connect(policy(rules("allow mx.example:25"), Rules.NONE, Rules.NONE), "mx.example", "8.8.8.8", 25)
                        .allowed())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, allow 10.0.0.0/8",
        "udp 10.0.0.53:53, allow udp 10.0.0.53:53",
        "'udp,connect fd00::1', allow fd00::1",
        "connect [fd00::1]:80, allow connect [fd00::1]:80",
        "*, allow *",
        "'Www.Example.:80,443', 'allow www.example:80,443'",
        "'bind,listen 8080', allow-listen 8080",
        "listen 0.0.0.0:8080, allow listen 0.0.0.0:8080",
        "bind [::1]:8080, allow bind [::1]:8080",
    })
    void aRuleReadsAsItIsWritten(String text, String shown) {
        Rule rule = Rule.allow(text);

        assertThat(rule).hasToString(shown);
        if (shown.startsWith("allow ")) {
            assertThat(Rule.allow(shown.substring("allow ".length()))).isEqualTo(rule);
        }
    }

    private static Verdict connect(Policy policy, @Nullable String name, String address, int port) {
        return policy.connect("alice", name, Cidr.address(address), port);
    }

    /** Alice is in the group, bob is not. */
    private static Policy policy(Rules everyone, Rules group, Rules alice) {
        return new Policy(
                new Sections(everyone, Map.of("g", group), Map.of("alice", alice), Map.of("alice", Set.of("g"))), OWN);
    }

    private static Rules rules(String... lines) {
        return Rules.of(Stream.of(lines)
                .map(line -> line.split(" ", 2))
                .map(words -> Rule.parse(words[0].equals("allow"), words[1], "/home/gw/gateway.toml:7:3"))
                .toArray(Rule[]::new));
    }
}
