package holdfast.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.console.FatalException;
import holdfast.identity.PrivateFiles;
import holdfast.protocol.StreamKind;
import holdfast.server.policy.AddressRule;
import holdfast.server.policy.Rules;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LivePolicyTest {
    private static final String HEAD = "addresses = [\"198.100.1.1:7443\"]\n";
    private static final Rules COMMAND_LINE = new Rules(List.of(AddressRule.parse("10.9.0.0/16")), List.of());

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void config() throws IOException {
        file = folder.resolve("gateway.toml");
        PrivateFiles.write(file, HEAD + "allow = [\"10.1.0.0/16\"]");
    }

    @Test
    void theRulesOfFileAndCommandLineHold() throws IOException {
        try (LivePolicy policy = LivePolicy.open(file, COMMAND_LINE)) {
            assertThat(isOpen(policy, "10.1.0.1")).isTrue();
            assertThat(isOpen(policy, "10.9.0.1")).isTrue();
            assertThat(isOpen(policy, "10.2.0.1")).isFalse();
        }
    }

    @Test
    void theAddressesClientsReachTheGatewayAtAreItsOwn() throws IOException {
        try (LivePolicy policy = LivePolicy.open(file, COMMAND_LINE)) {
            assertThat(isOpen(policy, "198.100.1.1")).isFalse();
            assertThat(isOpen(policy, "198.100.1.2")).isTrue();
        }
    }

    @Test
    void changedRulesHoldFromTheNextRefreshOn() throws IOException {
        try (LivePolicy policy = LivePolicy.open(file, COMMAND_LINE)) {
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
        try (LivePolicy policy = LivePolicy.open(file, COMMAND_LINE)) {
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
    void itDoesNotStartWithAMistake() throws IOException {
        PrivateFiles.write(file, "allow = 5");

        assertThatThrownBy(() -> LivePolicy.open(file, COMMAND_LINE).close()).isInstanceOf(FatalException.class);
    }

    private static boolean isOpen(LivePolicy policy, String address) throws IOException {
        return policy.get()
                .check("alice", StreamKind.TCP, InetAddress.getByName(address), 80)
                .allowed();
    }
}
