package holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.testing.FuzzSeeds;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;

/** Any text is settings or a fault at a place in it, and never an exception of another kind. */
final class SettingsFuzzTest {
    @ParameterizedTest
    @FuzzSeeds
    void anyTextIsSettingsOrAFaultAtAPlace(byte[] data) {
        fuzzerTestOneInput(data);
    }

    /** For {@code scripts/fuzz}. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            Settings settings = Settings.parse("f", text);
            settings.list("listen", each -> each);
            settings.text("hold-time", each -> each);
            settings.table("limits").number("streams", 1, 0, 10);
            settings.table("users").names(each -> each);
            settings.done();
        } catch (FatalException e) {
            assertThat(e.getMessage()).matches("(?s)f:[0-9]+:[0-9]+: .*");
        }
    }
}
