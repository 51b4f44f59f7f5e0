package holdfast.server.destination;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.testing.FuzzSeeds;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;

/** Any host that a program names is an address, a name that may be asked for, or refused. */
final class HostTextFuzzTest {
    @ParameterizedTest
    @FuzzSeeds
    void anyHostIsAnAddressOrANameOrRefused(byte[] data) {
        fuzzerTestOneInput(data);
    }

    /** For {@code scripts/fuzz}. */
    public static void fuzzerTestOneInput(byte[] data) {
        String host = new String(data, StandardCharsets.UTF_8);
        if (HostText.address(host) != null) {
            return;
        }
        try {
            assertThat(HostText.name(host)).matches("[A-Za-z0-9._-]{1,254}");
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
