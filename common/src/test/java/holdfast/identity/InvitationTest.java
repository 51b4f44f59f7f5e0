package holdfast.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.protocol.Destination;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InvitationTest {
    private static final String PIN = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";
    private static final String CODE = "SecretSecret-Secret_22";
    private static final Instant EXPIRY = Instant.ofEpochSecond(1_795_000_000);
    private static final String REST = "/user=alice,pin=" + PIN + ",code=" + CODE + ",expires=1795000000";
    private static final String URL = "holdfast://gw.example:7443" + REST;

    @Test
    void anInvitationIsOneLineThatAShellTakesWithoutQuotes() {
        Invitation invitation = invitation("gw.example:7443", "192.0.2.1:443");

        assertThat(invitation.toUrl())
                .isEqualTo("holdfast://gw.example:7443,192.0.2.1:443" + REST)
                .matches("[A-Za-z0-9:/.,=_-]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gw.example:7443", "192.0.2.1:1", "[2001:db8::1]:65535", "a_b-c.d:80"})
    void whatWasWrittenIsReadAgain(String address) {
        Invitation invitation = invitation(address, "gw2.example:7443");

        assertThat(Invitation.parse(invitation.toUrl())).isEqualTo(invitation);
        assertThat(Invitation.parse("  \t" + invitation.toUrl() + "\r\n")).isEqualTo(invitation);
    }

    @Test
    void fieldsMayStandInAnyOrderAndNewOnesAreIgnored() {
        assertThat(Invitation.parse("HOLDFAST://gw.example:7443/expires=1795000000,new=1,code=" + CODE + ",pin=" + PIN
                        + ",user=alice"))
                .isEqualTo(invitation("gw.example:7443"));
    }

    @Test
    void theTextOfAnInvitationDoesNotShowTheCode() {
        assertThat(invitation("gw.example:7443").toString())
                .doesNotContain(CODE)
                .contains("alice", "gw.example:7443");
    }

    @Test
    void anInvitationExpiresAtItsExpiry() {
        Invitation invitation = invitation("gw.example:7443");

        assertThat(invitation.isExpiredAt(EXPIRY.minusNanos(1))).isFalse();
        assertThat(invitation.isExpiredAt(EXPIRY)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedInvitationIsRefusedWithTheReason(String url, String reason) {
        assertThatThrownBy(() -> Invitation.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining(CODE);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("", "starts with holdfast://"),
                Arguments.of("https://gw.example/", "starts with holdfast://"),
                Arguments.of("holdfast:/gw.example:1" + REST, "starts with holdfast://"),
                Arguments.of("holdfast://", "ends after its addresses"),
                Arguments.of("holdfast://gw.example:7443", "ends after its addresses"),
                Arguments.of("holdfast://" + REST, "names no address"),
                Arguments.of("holdfast://gw.example" + REST, "'gw.example' is not HOST:PORT"),
                Arguments.of("holdfast://gw.example:" + REST, "port '' is not a number"),
                Arguments.of("holdfast://gw.example:70000" + REST, "port '70000' is not a number from 0 to 65535"),
                Arguments.of("holdfast://gw.example:0" + REST, "port 0 cannot be reached"),
                Arguments.of("holdfast://:7443" + REST, "is not HOST:PORT"),
                Arguments.of("holdfast://2001:db8::1:443" + REST, "write an IPv6 address as [ADDRESS]:PORT"),
                Arguments.of("holdfast://[2001:db8::g]:443" + REST, "is not an IP address"),
                Arguments.of("holdfast://gw.example:1," + REST, "is not HOST:PORT"),
                Arguments.of("holdfast://unix:sock" + REST, "'unix:sock' is not HOST:PORT"),
                Arguments.of("holdfast://g%77:1" + REST, "'g%77' is not a host name"),
                Arguments.of("holdfast://a:1" + ",a:1".repeat(16) + REST, "1 to 16 addresses"),
                Arguments.of(URL.replace(",pin=" + PIN, ""), "has no 'pin'"),
                Arguments.of(URL.replace("user=alice,", ""), "has no 'user'"),
                Arguments.of(URL.replace("user=alice", "user="), "has no 'user'"),
                Arguments.of(URL.replace(",code=" + CODE, ""), "has no 'code'"),
                Arguments.of(URL.replace(",expires=1795000000", ""), "has no 'expires'"),
                Arguments.of(URL.replace("alice", "../alice"), "'../alice' is not a user name"),
                Arguments.of(URL.replace("alice", ".alice"), "is not a user name"),
                Arguments.of(URL.replace("alice", "a".repeat(65)), "is not a user name"),
                Arguments.of(URL.replace(PIN, PIN.substring(1)), "the invitation's pin is damaged: a pin has 43"),
                Arguments.of(
                        URL.replace(PIN, "!" + PIN.substring(1)), "the invitation's pin is damaged: a pin has only"),
                Arguments.of(URL.replace(CODE, "short"), "its code is damaged"),
                Arguments.of(URL.replace(CODE, CODE + "+"), "its code is damaged"),
                Arguments.of(URL.replace(CODE, CODE.repeat(3)), "its code is damaged"),
                Arguments.of(URL.replace("1795000000", "tomorrow"), "'tomorrow' is not a number of seconds"),
                Arguments.of(URL.replace("1795000000", "-5"), "'-5' is not a number of seconds"),
                Arguments.of(URL.replace("1795000000", "1e9"), "'1e9' is not a number of seconds"),
                Arguments.of(URL.replace("1795000000", "9".repeat(19)), "is not a number of seconds"),
                Arguments.of(URL + ",user=bob", "names 'user' twice"),
                Arguments.of(URL + ",", "a field without a name"),
                Arguments.of(URL.replace("code=", ""), "a field without a name"),
                Arguments.of(URL.replace(",code", " ,code"), "paste it as one line"),
                Arguments.of(URL.replace(",code", "\n,code"), "paste it as one line"),
                Arguments.of(URL.replace("alice", "al\u00edce"), "paste it as one line"),
                Arguments.of(URL + ",x=" + "y".repeat(9000), "more than 8192"));
    }

    @Test
    void anInvitationCutAtAnyLengthIsRefused() {
        // Cutting only the expiry's last digits would leave a legal, long expired invitation: the gateway knows the
        // real expiry.
        for (int length = 0; length < URL.length() - "1795000000".length(); length++) {
            String cut = URL.substring(0, length);
            assertThatThrownBy(() -> Invitation.parse(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Invitation invitation(String... addresses) {
        List<Destination> parsed = Stream.of(addresses).map(Destination::parse).toList();
        return new Invitation(parsed, Pin.parse(PIN), "alice", CODE, EXPIRY);
    }
}
