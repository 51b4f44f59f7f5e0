package holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HomeFolderTest {
    @Test
    void onLinuxItIsInTheXdgConfigFolder() {
        assertThat(HomeFolder.defaultFor("client", "Linux", Map.of("XDG_CONFIG_HOME", "/x/cfg"), "/home/a"))
                .isEqualTo(Path.of("/x/cfg/holdfast/client"));
        assertThat(HomeFolder.defaultFor("gateway", "Linux", Map.of(), "/home/a"))
                .isEqualTo(Path.of("/home/a/.config/holdfast/gateway"));
    }

    @Test
    void anEmptyOrRelativeXdgFolderIsIgnored() {
        for (String folder : new String[] {"", "cfg", "./cfg"}) {
            assertThat(HomeFolder.defaultFor("client", "Linux", Map.of("XDG_CONFIG_HOME", folder), "/home/a"))
                    .isEqualTo(Path.of("/home/a/.config/holdfast/client"));
        }
    }

    @Test
    void onMacOsAndWindowsItIsWhereProgramsKeepTheirFiles() {
        assertThat(HomeFolder.defaultFor("client", "Mac OS X", Map.of(), "/Users/a"))
                .isEqualTo(Path.of("/Users/a/Library/Application Support/holdfast/client"));
        assertThat(HomeFolder.defaultFor("client", "Windows 11", Map.of("APPDATA", "/roaming"), "/Users/a"))
                .isEqualTo(Path.of("/roaming/holdfast/client"));
        assertThat(HomeFolder.defaultFor("client", "Windows 11", Map.of(), "/Users/a"))
                .isEqualTo(Path.of("/Users/a/AppData/Roaming/holdfast/client"));
    }
}
