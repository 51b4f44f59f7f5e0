package holdfast.client.gateways;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import holdfast.protocol.Destination;
import holdfast.protocol.PathStanding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GatewayRuleTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8=a, 10.255.1.1:80, true",
        "10.0.0.0/8=a, 11.0.0.1:80, false",
        "10.0.0.0/8=a, ten.example:80, false",
        "10.1.2.3=a, 10.1.2.3:80, true",
        "10.1.2.3=a, 10.1.2.2:80, false",
        "10.0.0.0/8:22=a, 10.0.0.1:22, true",
        "10.0.0.0/8:22=a, 10.0.0.1:80, false",
        "0.0.0.0/0=a, 192.0.2.1:1, true",
        "0.0.0.0/0=a, [2001:db8::1]:1, false",
        "2001:db8::/32=a, [2001:db8:1::1]:1, true",
        "[2001:db8::]/32:80=a, [2001:db8:1::1]:80, true",
        "[2001:db8::]/32:80=a, [2001:db8:1::1]:81, false",
        "corp.example=a, CORP.example.:80, true",
        "corp.example=a, www.corp.example:80, false",
        "*.corp.example=a, www.corp.example:80, true",
        "*.corp.example=a, corp.example:80, false",
        "*.corp.example=a, xcorp.example:80, false",
        "*.corp.example:8000-8099=a, www.corp.example:8050, true",
        "*.corp.example:8000-8099=a, www.corp.example:8100, false",
        "*=a, anything.example:80, true",
        "*:25=a, 192.0.2.1:25, true",
        "*:25=a, 192.0.2.1:26, false"
    })
    void aRuleCoversWhatItNames(String rule, String destination, boolean covered) {
        assertThat(GatewayRule.parse(rule).covers(Destination.parse(destination)))
                .isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/8",
                "=a",
                "10.0.0.0/33=a",
                "10.0.0.0/x=a",
                "corp.example/8=a",
                "c*rp.example=a",
                "*.=a",
                "corp.example:0-70000=a",
                "corp.example:9-8=a",
                "corp.example=",
                "corp.example=a,a",
                "corp.example=direct",
                "corp.example=../a"
            })
    void whatIsNoRuleIsRefusedAndNamed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GatewayRule.parse(text))
                .withMessageContaining("'");
    }

    @Test
    void aWayIsReadAndWritten() {
        assertThat(Via.parse("a,b=standby")).isEqualTo(new Via(List.of("a", "b"), PathStanding.STANDBY));
        assertThat(Via.parse("direct")).isEqualTo(Via.DIRECTLY);
        assertThat(Via.parse("direct=metered")).hasToString("direct=metered");
        assertThat(Via.parse("a,b=active")).hasToString("a,b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,", "a,a", "a,direct", "a,b,c,d,e", "a=off", "a b"})
    void whatIsNoWayIsRefusedAndNamed(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Via.parse(text));
    }

    @Test
    void noWayLeadsThroughTheGatewayItIsAWayTo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GatewayPlan(Map.of(), List.of("b"), List.of(), List.of(Via.parse("a,b"))))
                .withMessageContaining("to b itself");
        assertThat(GatewayPlan.names(
                        List.of("x"), List.of(GatewayRule.parse("*=y,z")), List.of(Via.parse("a,b"), Via.DIRECTLY)))
                .containsExactly("x", "y", "z", "a", "b");
    }
}
