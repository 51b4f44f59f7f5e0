package holdfast.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.console.FatalException;
import holdfast.identity.Pin;
import holdfast.identity.PrivateFiles;
import holdfast.protocol.StreamKind;
import holdfast.server.policy.Rule;
import holdfast.server.policy.Rules;
import holdfast.server.users.UserDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LivePolicyTest {
    private static final String HEAD = "addresses = [\"198.100.1.1:7443\"]\n";
    private static final Rules COMMAND_LINE = Rules.of(Rule.allow("10.9.0.0/16"));

    @TempDir
    Path folder;

    private Path file;
    private UserDirectory users;

    @BeforeEach
    void config() throws IOException {
        users = new UserDirectory(folder.resolve("users"));
        file = folder.resolve("gateway.toml");
        PrivateFiles.write(file, HEAD + "allow = [\"10.1.0.0/16\"]");
    }

    @Test
    void theRulesOfFileAndCommandLineHold() throws IOException {
        try (LivePolicy policy = LivePolicy.open(file, COMMAND_LINE, users)) {
            assertThat(isOpen(policy, "10.1.0.1")).isTrue();
            assertThat(isOpen(policy, "10.9.0.1")).isTrue();
            assertThat(isOpen(policy, "10.2.0.1")).isFalse();
        }
    }

    @Test
    void theAddressesClientsReachTheGatewayAtAreItsOwn() throws IOException {
        try (LivePolicy policy = LivePolicy.open(file, COMMAND_LINE, users)) {
            assertThat(isOpen(policy, "198.100.1.1")).isFalse();
            assertThat(isOpen(policy, "198.100.1.2")).isTrue();
        }
    }

    @Test
    void changedRulesHoldFromTheNextRefreshOn() throws IOException {
        try (LivePolicy policy = LivePolicy.open(file, COMMAND_LINE, users)) {
            assertThat(policy.refresh()).isFalse();

            PrivateFiles.write(file, HEAD + "allow = [\"10.2.0.0/16\"]\n[users.bob]\nallow = [\"10.3.0.0/16\"]");

            assertThat(policy.refresh()).isTrue();
            assertThat(policy.refresh()).isFalse();
            assertThat(isOpen(policy, "10.1.0.1")).isFalse();
            assertThat(isOpen(policy, "10.2.0.1")).isTrue();
            assertThat(isOpen(policy, "10.9.0.1")).isTrue();
            assertThat(policy.get()
                            .check("bob", StreamKind.TCP, InetAddress.getByName("10.3.0.1"), 80)
                            .allowed())
                    .isTrue();
        }
    }

    @Test
    void aFileWithAMistakeOrNoneChangesNothing() throws IOException {
        try (LivePolicy policy = LivePolicy.open(file, COMMAND_LINE, users)) {
            PrivateFiles.write(file, HEAD + "allow = [\"10.2.0.0/8\"]");
            assertThat(policy.refresh()).isFalse();
            assertThat(isOpen(policy, "10.1.0.1")).isTrue();

            Files.delete(file);
            assertThat(policy.refresh()).isFalse();
            assertThat(isOpen(policy, "10.1.0.1")).isTrue();

            PrivateFiles.write(file, HEAD);
            assertThat(policy.refresh()).isTrue();
            assertThat(isOpen(policy, "10.1.0.1")).isFalse();
        }
    }

    @Test
    void aGroupsRulesHoldForItsMembersFromWhenTheyAreInIt() throws IOException {
        PrivateFiles.write(file, HEAD + "[groups.ops]\nmembers = [\"bob\"]\nallow = [\"10.2.0.0/16\"]");
        users.enrol("alice", Pin.of(new byte[] {1}), "laptop", Instant.EPOCH);
        try (LivePolicy policy = LivePolicy.open(file, COMMAND_LINE, users)) {
            assertThat(isOpen(policy, "10.2.0.1")).isFalse();
            assertThat(policy.get()
                            .connect("bob", null, InetAddress.getByName("10.2.0.1"), 80)
                            .allowed())
                    .isTrue();

            users.addToGroup("alice", "ops");

            assertThat(policy.refresh()).isTrue();
            assertThat(isOpen(policy, "10.2.0.1")).isTrue();
            users.removeFromGroup("alice", "ops");
            assertThat(policy.refresh()).isTrue();
            assertThat(isOpen(policy, "10.2.0.1")).isFalse();
        }
    }

    @Test
    void aReloadSaysWhatIsWrong() throws IOException {
        try (LivePolicy policy = LivePolicy.open(file, COMMAND_LINE, users)) {
            assertThat(policy.reload()).isEmpty();
            PrivateFiles.write(file, HEAD + "alow = []");
            assertThat(policy.refresh()).isFalse();

            assertThat(policy.reload())
                    .hasValueSatisfying(text -> assertThat(text).contains(":2:1: there is no setting 'alow'"));

            assertThat(policy.mistake()).isPresent();
            assertThat(isOpen(policy, "10.1.0.1")).isTrue();
            PrivateFiles.write(file, HEAD);
            assertThat(policy.reload()).isEmpty();
            assertThat(policy.mistake()).isEmpty();
            assertThat(isOpen(policy, "10.1.0.1")).isFalse();
        }
    }

    @Test
    void itDoesNotStartWithAMistake() throws IOException {
        PrivateFiles.write(file, "allow = 5");

        assertThatThrownBy(() -> LivePolicy.open(file, COMMAND_LINE, users).close())
                .isInstanceOf(FatalException.class);
    }

    private static boolean isOpen(LivePolicy policy, String address) throws IOException {
        return policy.get()
                .check("alice", StreamKind.TCP, InetAddress.getByName(address), 80)
                .allowed();
    }
}
