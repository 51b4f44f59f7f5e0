package holdfast.server.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order in which addresses are tried. */
final class AddressFinderTest {
    @Test
    void familiesTakeTurnsAndTheOneTheSystemPrefersGoesFirst() throws Exception {
        assertThat(AddressFinder.inTurn(addresses("::1", "::2", "::3", "1.0.0.1", "1.0.0.2")))
                .isEqualTo(addresses("::1", "1.0.0.1", "::2", "1.0.0.2", "::3"));
        assertThat(AddressFinder.inTurn(addresses("1.0.0.1", "::1", "::2")))
                .isEqualTo(addresses("1.0.0.1", "::1", "::2"));
        assertThat(AddressFinder.inTurn(addresses("1.0.0.2", "1.0.0.1"))).isEqualTo(addresses("1.0.0.2", "1.0.0.1"));
    }

    @Test
    void ofVeryManyAddressesTheFirstSixteenAreTried() throws Exception {
        List<InetAddress> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            many.add(InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i}));
        }

        assertThat(AddressFinder.inTurn(many)).isEqualTo(many.subList(0, 16));
    }

    private static List<InetAddress> addresses(String... texts) {
        return Arrays.stream(texts).map(text -> HostText.address(text)).toList();
    }
}
