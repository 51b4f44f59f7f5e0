package holdfast.server.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unix-domain sockets of the gateway are closed, and opened one by one. */
final class PathRuleTest {
    private static final String SOCKET = "/run/app.sock";

    @Test
    void socketsAreClosedUnlessARuleNamesThem() {
        Policy policy = policy(rules("allow 0.0.0.0/0", "allow *", "allow ::/0", "allow bind,listen 1-65535"));

        Verdict connect = policy.path("alice", Verb.CONNECT, SOCKET);
        Verdict listen = policy.path("alice", Verb.LISTEN, SOCKET);

        assertThat(connect.allowed()).isFalse();
        assertThat(connect.rule())
                .isEqualTo("/run/app.sock is a socket of the gateway's machine, closed unless the gateway has"
                        + "  --allow /run/app.sock");
        assertThat(listen.allowed()).isFalse();
        assertThat(listen.rule()).endsWith("--allow-listen /run/app.sock");
    }

    @Test
    void connectingAndListeningAreOpenedApart() {
        Policy connect = policy(rules("allow /run/app.sock"));
        assertThat(connect.path("alice", Verb.CONNECT, SOCKET).allowed()).isTrue();
        assertThat(connect.path("alice", Verb.LISTEN, SOCKET).allowed()).isFalse();

        Policy listen = policy(Rules.of(Rule.allowListen(SOCKET)));
        assertThat(listen.path("alice", Verb.CONNECT, SOCKET).allowed()).isFalse();
        assertThat(listen.path("alice", Verb.LISTEN, SOCKET).allowed()).isTrue();
        assertThat(policy(rules("allow listen /run/app.sock"))
                        .path("alice", Verb.LISTEN, SOCKET)
                        .allowed())
                .isTrue();
    }

    @Test
    void theNearestSectionAndWithinItADenialDecide() {
        Sections sections = new Sections(
                rules("allow /run/*", "deny /run/secret.sock"),
                Map.of(),
                Map.of("bob", rules("deny *"), "carol", rules("allow /run/secret.sock")),
                Map.of());
        Policy policy = new Policy(sections, OwnAddresses.of(List.of()));

        assertThat(policy.path("alice", Verb.CONNECT, SOCKET).allowed()).isTrue();
        Verdict secret = policy.path("alice", Verb.CONNECT, "/run/secret.sock");
        assertThat(secret.allowed()).isFalse();
        assertThat(secret.rule()).contains("deny /run/secret.sock");
        assertThat(policy.path("bob", Verb.CONNECT, SOCKET).allowed()).isFalse();
        assertThat(policy.path("carol", Verb.CONNECT, "/run/secret.sock").allowed())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/run/app.sock, /run/app.sock, true",
        "/run/app.sock, /run/appXsock, false",
        "/run/*, /run/app.sock, true",
        "/run/*, /run/a/app.sock, false",
        "/run/*.sock, /run/.sock, true",
        "/run/*.sock, /run/app.sock.old, false",
        "/home/*/app-*.sock, /home/alice/app-1.sock, true",
        "/home/*/app-*.sock, /home/alice/x/app-1.sock, false",
        "/run/.s.PGSQL.5432, /run/.s.PGSQL.5432, true",
        "/*, /a, true",
        "/*, /run/a, false"
    })
    void aStarStandsForAnythingWithinOneFolder(String pattern, String path, boolean matches) {
        assertThat(PathPattern.parse(pattern).matches(path)).isEqualTo(matches);
        assertThat(policy(rules("allow " + pattern))
                        .path("alice", Verb.CONNECT, path)
                        .allowed())
                .isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/run/../etc/x", "/run/./x", "/run//x", "/run/", "/", "run/x", "", "/run/..", "/run/x\u0001"})
    void aPathThatLeadsElsewhereIsNotAskedAbout(String path) {
        Policy policy = policy(rules("allow /*", "allow /*/*", "allow /*/*/*", "allow /*/*/*/*"));

        assertThat(policy.path("alice", Verb.CONNECT, path).allowed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/run/", "/run/../x", "/run//x", "udp /run/x", "bind /run/x", "connect,listen /run/x"})
    void whatIsNotAPathRuleIsRefused(String text) {
        assertThatThrownBy(() -> Rule.parse(true, text, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text.substring(text.indexOf('/')));
    }

    @Test
    void aRuleIsWrittenAsItIsRead() {
        assertThat(Rule.allow(SOCKET)).hasToString("allow /run/app.sock");
        assertThat(Rule.allowListen("/run/*.sock")).hasToString("allow-listen /run/*.sock");
        assertThat(Rule.parse(false, "listen /run/x", "")).hasToString("deny listen /run/x");
    }

    private static Policy policy(Rules everyone) {
        return new Policy(new Sections(everyone, Map.of(), Map.of(), Map.of()), OwnAddresses.of(List.of()));
    }

    private static Rules rules(String... texts) {
        List<Rule> rules = Arrays.stream(texts)
                .map(each -> Rule.parse(each.startsWith("allow "), each.substring(each.indexOf(' ') + 1), "there"))
                .toList();
        return new Rules(rules, Optional.empty());
    }
}
