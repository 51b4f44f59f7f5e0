package holdfast.server.introduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IntroductionTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    @Test
    void versionTwoSaysAddressesUserAndBinding() throws UnknownHostException {
        ProxyHeader header = new ProxyHeader(at("198.51.100.7", 50000), at("192.0.2.5", 5432));

        assertThat(hex(header.version2("alice", new byte[] {1, 2, 3, 4})))
                .isEqualTo(SIGNATURE
                        + "21" // version 2, PROXY
                        + "11" // TCP over IPv4
                        + "001b" // 27 bytes follow
                        + "c6336407" // 198.51.100.7
                        + "c0000205" // 192.0.2.5
                        + "c350" // 50000
                        + "1538" // 5432
                        + "e1" + "0005" + "616c696365" // the user, alice
                        + "e0" + "0004" + "01020304"); // the binding
    }

    @Test
    void versionTwoWithoutABindingHasNoFieldForIt() throws UnknownHostException {
        ProxyHeader header = new ProxyHeader(at("2001:db8::7", 50000), at("2001:db8::5", 25));

        assertThat(hex(header.version2("bob", null)))
                .isEqualTo(SIGNATURE
                        + "21" // version 2, PROXY
                        + "21" // TCP over IPv6
                        + "002a" // 42 bytes follow
                        + "20010db8000000000000000000000007"
                        + "20010db8000000000000000000000005"
                        + "c350" // 50000
                        + "0019" // 25
                        + "e1" + "0003" + "626f62"); // the user, bob
    }

    @Test
    void aClientThatIsNotKnownHasNoAddresses() throws UnknownHostException {
        ProxyHeader header = new ProxyHeader(null, at("192.0.2.5", 25));

        assertThat(hex(header.version2("bob", null))).isEqualTo(SIGNATURE + "21" + "00" + "0006" + "e10003626f62");
        assertThat(text(header.version1())).isEqualTo("PROXY UNKNOWN\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.7, 192.0.2.5,   TCP4 198.51.100.7 192.0.2.5",
        "2001:db8::7,  192.0.2.5,   TCP6 2001:db8:0:0:0:0:0:7 ::ffff:192.0.2.5",
        "2001:db8::7,  2001:db8::5, TCP6 2001:db8:0:0:0:0:0:7 2001:db8:0:0:0:0:0:5"
    })
    void versionOneIsALine(String client, String destination, String addresses) throws UnknownHostException {
        assertThat(text(new ProxyHeader(at(client, 50000), at(destination, 25)).version1()))
                .isEqualTo("PROXY " + addresses + " 50000 25\r\n");
    }

    @Test
    void aRuleIsAboutTheAddressThatIsReached() throws UnknownHostException {
        IntroductionRule rule = IntroductionRule.parse("10.9.0.0/16:25,5432 v2  binding");

        assertThat(rule.form()).isEqualTo(IntroductionRule.Form.V2_BINDING);
        assertThat(rule.covers(InetAddress.getByName("10.9.1.2"), 25)).isTrue();
        assertThat(rule.covers(InetAddress.getByName("10.9.1.2"), 26)).isFalse();
        assertThat(rule.covers(InetAddress.getByName("10.8.1.2"), 25)).isFalse();
        assertThat(IntroductionRule.parse("[fd00::1]:25 v1").covers(InetAddress.getByName("fd00::1"), 25))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.9.0.5:25,             ADDRESS",
        "10.9.0.5 v2,             names no ports",
        "mail.example:25 v2,      is not ADDRESS",
        "10.9.0.5:25 v3,          is not v1",
        "10.9.0.5:25 v1 binding,  is not v1"
    })
    void whatIsNoRuleIsRefusedWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> IntroductionRule.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    private static InetSocketAddress at(String address, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }

    private static String hex(ByteBuf bytes) {
        try {
            return ByteBufUtil.hexDump(bytes);
        } finally {
            bytes.release();
        }
    }

    private static String text(ByteBuf bytes) {
        try {
            return bytes.toString(StandardCharsets.US_ASCII);
        } finally {
            bytes.release();
        }
    }
}
