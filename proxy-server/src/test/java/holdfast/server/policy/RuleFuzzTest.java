package holdfast.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.testing.FuzzSeeds;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Any text is a rule or refused, and what a rule shows of itself is the same rule again. The first 16 bytes are an address that is asked for; the rest
 * is the rule.
 */
final class RuleFuzzTest {
    private static final int ADDRESS = 16;

    @ParameterizedTest
    @FuzzSeeds
    void anyTextIsARuleOrRefused(byte[] data) {
        fuzzerTestOneInput(data);
    }

    /** For {@code scripts/fuzz}. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length <= ADDRESS) {
            return;
        }
        String text = new String(data, ADDRESS, data.length - ADDRESS, StandardCharsets.UTF_8);
        try {
            AddressRule rule = AddressRule.parse(text);
            assertThat(AddressRule.parse(rule.toString())).isEqualTo(rule);
            assertThat(rule.addresses().contains(address(Arrays.copyOf(data, 4))))
                    .isEqualTo(
                            AddressRule.parse(rule.toString()).addresses().contains(address(Arrays.copyOf(data, 4))));
            rule.addresses().contains(address(Arrays.copyOf(data, ADDRESS)));
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
        try {
            ListenRule.parse(text);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
