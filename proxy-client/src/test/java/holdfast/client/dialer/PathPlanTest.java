package holdfast.client.dialer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.protocol.PathStanding;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathPlanTest {
    private static final List<String> ADDRESSES = List.of("192.0.2.1:7443", "gw.example:8443");
    private static final List<LocalInterface> INTERFACES = List.of(on("wlan0", "10.0.0.5"), on("wwan0", "10.64.0.9"));

    private static LocalInterface on(String name, String address) {
        try {
            return new LocalInterface(name, InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> plan(String... rules) {
        Map<Route, PathStanding> routes =
                new PathPlan(Stream.of(rules).map(PathRule::parse).toList(), true).routes(ADDRESSES, INTERFACES);
        return routes.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .toList();
    }

    @Test
    void withoutRulesEveryCombinationThatCanWorkIsActive() {
        assertThat(plan())
                .containsExactly(
                        "wlan0:192.0.2.1:7443 ACTIVE",
                        "wwan0:192.0.2.1:7443 ACTIVE",
                        "wlan0:gw.example:8443 ACTIVE",
                        "wwan0:gw.example:8443 ACTIVE");
    }

    @Test
    void rulesChooseOrderAndMark() {
        assertThat(plan("wwan0@192.0.2.1=metered", "wlan*@gw.example:8443"))
                .containsExactly("wwan0:192.0.2.1:7443 METERED", "wlan0:gw.example:8443 ACTIVE");
    }

    @Test
    void theFirstRuleThatFitsDecides() {
        assertThat(plan("@192.0.2.1:7443=off", "wlan0", "*=standby"))
                .containsExactly("wlan0:gw.example:8443 ACTIVE", "wwan0:gw.example:8443 STANDBY");
    }

    @Test
    void anInterfaceMayBeNamedByItsAddress() {
        assertThat(plan("10.64.0.9=standby"))
                .containsExactly("wwan0:192.0.2.1:7443 STANDBY", "wwan0:gw.example:8443 STANDBY");
        assertThat(plan("10.64.0.10")).isEmpty();
    }

    @Test
    void whereNothingIsChosenTheSystemChoosesTheInterfaceOfAMachineWithOne() {
        List<LocalInterface> one = INTERFACES.subList(0, 1);

        assertThat(new PathPlan(List.of(), true).routes(ADDRESSES, one).keySet())
                .extracting(Route::toString)
                .containsExactly("192.0.2.1:7443", "gw.example:8443");
        assertThat(new PathPlan(List.of(PathRule.parse("wlan0")), true)
                        .routes(ADDRESSES, one)
                        .keySet())
                .extracting(Route::toString)
                .containsExactly("wlan0:192.0.2.1:7443", "wlan0:gw.example:8443");
    }

    @Test
    void aGatewayOnThisMachineIsReachedByNoInterface() {
        assertThat(new PathPlan(List.of(PathRule.parse("@127.0.0.1=standby")), true)
                        .routes(List.of("127.0.0.1:1"), INTERFACES)
                        .toString())
                .isEqualTo("{127.0.0.1:1=STANDBY}");
    }

    @Test
    void whatCannotBeDoneIsRefusedAtOnce() {
        assertThatThrownBy(() -> new PathPlan(List.of(PathRule.parse("wlan0")), false))
                .hasMessageContaining("'wlan0' names an interface");
        assertThat(new PathPlan(List.of(PathRule.parse("@gw.example=standby")), false)
                        .routes(ADDRESSES, INTERFACES)
                        .toString())
                .isEqualTo("{gw.example:8443=STANDBY}");
    }

    @ParameterizedTest
    @CsvSource({
        "wlan0,wlan0",
        "wwan0=metered,wwan0=metered",
        "*=OFF,*=off",
        "@gw.example,*@gw.example",
        "@[2001:db8::1]:443=standby,'*@[2001:db8:0:0:0:0:0:1]:443=standby'",
        "fe80::1=active,fe80::1",
    })
    void aRuleIsReadAndWritten(String text, String written) {
        assertThat(PathRule.parse(text)).hasToString(written);
        assertThat(PathRule.parse(written)).isEqualTo(PathRule.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=standby", "wlan0=backup", "@", "@gw:0", "@gw:x", "@[::1", "w*0"})
    void whatIsNoRuleIsRefusedWithTheReason(String text) {
        assertThatThrownBy(() -> PathRule.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s).*'.*'.*");
    }

    @Test
    void relaysAreWaysBesideThoseOfThisMachineAndNoRuleIsAboutThem() {
        PathPlan plan = new PathPlan(List.of(PathRule.parse("@gw.example")), true)
                .through(List.of(
                        new PathPlan.Way("a,b", PathStanding.ACTIVE), new PathPlan.Way("", PathStanding.STANDBY)));

        Map<Route, PathStanding> routes = plan.routes(List.of("gw.example:7443", "192.0.2.1:7443"), List.of());

        assertThat(routes)
                .containsExactly(
                        Map.entry(new Route("gw.example", 7443, Optional.empty(), "a,b"), PathStanding.ACTIVE),
                        Map.entry(new Route("192.0.2.1", 7443, Optional.empty(), "a,b"), PathStanding.ACTIVE),
                        Map.entry(new Route("gw.example", 7443, Optional.empty()), PathStanding.STANDBY));
        assertThat(routes.keySet().iterator().next()).hasToString("a,b/gw.example:7443");
    }
}
