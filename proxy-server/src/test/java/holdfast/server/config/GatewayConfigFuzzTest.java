package holdfast.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.console.FatalException;
import holdfast.testing.FuzzSeeds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;

/** Any text is a gateway's config or a fault that a person can mend. */
final class GatewayConfigFuzzTest {
    @ParameterizedTest
    @FuzzSeeds
    void anyTextIsAConfigOrAFault(byte[] data) {
        fuzzerTestOneInput(data);
    }

    /** For {@code scripts/fuzz}. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            GatewayConfig.parse(Path.of("gateway.toml"), new String(data, StandardCharsets.UTF_8));
        } catch (FatalException e) {
            assertThat(e.getMessage()).startsWith("gateway.toml:");
        }
    }
}
