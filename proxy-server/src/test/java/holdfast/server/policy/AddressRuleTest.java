package holdfast.server.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRuleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/8 | 10.0.0.0/8 | 1-65535",
                "10.77.100.1:7700 | 10.77.100.1 | 7700",
                "10.77.100.1 | 10.77.100.1 | 1-65535",
                "127.0.0.0/8:8000-9000,443 | 127.0.0.0/8 | 8000-9000,443",
                "[::1]/128:80 | ::1 | 80",
                "[::1]:80,81 | ::1 | 80,81",
                "[::1] | ::1 | 1-65535",
                "[fd00::/8]:80 | fd00::/8 | 80",
                "[fd00::]/8 | fd00::/8 | 1-65535",
                "::1/128 | ::1 | 1-65535",
                "::1 | ::1 | 1-65535",
                "fd00::/8 | fd00::/8 | 1-65535",
                "fd00::/8:443 | fd00::/8 | 443",
                "0.0.0.0/0:25 | 0.0.0.0/0 | 25",
                "::/0 | ::/0 | 1-65535"
            })
    void aRuleIsARangeAndPorts(String text, String addresses, String ports) {
        AddressRule rule = AddressRule.parse(text);

        assertThat(rule.addresses()).hasToString(addresses);
        assertThat(rule.ports()).hasToString(ports);
        assertThat(AddressRule.parse(rule.toString())).isEqualTo(rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "10.0.0.0/8:",
                "10.0.0.0/8:0",
                "10.0.0.0/8:65536",
                "10.0.0.0/8:90-80",
                "10.0.0.0/8:80,",
                "10.0.0.0/8:80-",
                "10.0.0.0/8:-80",
                "10.0.0.0/8:80-90-100",
                "10.0.0.0/8:http",
                "10.0.0.0/8: 80",
                "10.0.0.0/8:999999",
                "localhost:80",
                "[::1",
                "[::1]80",
                "[::1]:",
                "[]:80",
                "[10.0.0.0/8",
                "10.1.0.0/8",
                "fd00::/8:",
                "::1/128:x",
                "10.0.0.0/8:80:90"
            })
    void whatIsNotARuleIsRefusedWithTheText(String text) {
        assertThatThrownBy(() -> AddressRule.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void theMessageTellsTheFormAndTheFault() {
        assertThatThrownBy(() -> AddressRule.parse("10.0.0.0/8:http"))
                .hasMessage(
                        "'10.0.0.0/8:http' is not ADDRESS[/LENGTH][:PORTS]: 'http' is not a port or a range of ports"
                                + " from 1 to 65535");
    }

    @Test
    void portsAreThoseOfTheList() {
        Ports ports = Ports.parse("80,443,8000-8002");

        for (int port = 0; port <= 65535; port++) {
            assertThat(ports.contains(port)).isEqualTo(port == 80 || port == 443 || (port >= 8000 && port <= 8002));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1024-65535 | 0.0.0.0/0 ::/0 | 1024-65535",
                "10.77.100.1:1024-65535 | 10.77.100.1 | 1024-65535",
                "10.77.100.1:1-65535 | 10.77.100.1 | 1-65535",
                "10.0.0.0/8:80 | 10.0.0.0/8 | 80",
                "[::1]:80,443 | ::1 | 80,443",
                "0.0.0.0:80 | 0.0.0.0/0 | 80",
                "[::]:80 | ::/0 | 80"
            })
    void aListenRuleIsAddressesAndPorts(String text, String addresses, String ports) {
        ListenRule rule = ListenRule.parse(text);

        assertThat(rule.addresses()).map(Cidr::toString).containsExactly(addresses.split(" ", -1));
        assertThat(rule.ports()).hasToString(ports);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.1",
                "10.0.0.1:",
                ":80",
                "localhost:80",
                "[::1]",
                "[::1]:",
                "80-",
                "0",
                "65536",
                "fe80::1"
            })
    void whatIsNotAListenRuleIsRefused(String text) {
        assertThatThrownBy(() -> ListenRule.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
