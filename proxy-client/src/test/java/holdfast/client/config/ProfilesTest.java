package holdfast.client.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import holdfast.console.FatalException;
import holdfast.identity.Pin;
import holdfast.identity.PrivateFiles;
import holdfast.protocol.Destination;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProfilesTest {
    @TempDir
    Path folder;

    private ClientHome home;
    private Profiles profiles;

    @BeforeEach
    void setUp() {
        home = new ClientHome(folder.resolve("client"));
        profiles = new Profiles(home);
    }

    private void logIn(String name) throws IOException {
        ClientHome profile = home.profile(name);
        Pin gateway = profile.createIdentity(new SecureRandom()).pin();
        new Account("alice", gateway, List.of(Destination.parse(name + ".example:7443"))).write(profile.config());
    }

    @Test
    void everyLoginHasItsOwnKeyAndTheDefaultOneComesFirst() throws IOException {
        logIn("work");
        logIn("default");
        logIn("home");

        assertThat(profiles.names()).containsExactly("default", "home", "work");
        assertThat(profiles.login("home").identity().pin())
                .isNotEqualTo(profiles.login("work").identity().pin());
        assertThat(profiles.login("work").addresses()).containsExactly("work.example:7443");
    }

    @Test
    void theOnlyLoginIsTheUsualOneAndOfSeveralTheDefaultOne() throws IOException {
        logIn("work");
        assertThat(profiles.usual()).isEqualTo("work");

        logIn("home");
        assertThatExceptionOfType(FatalException.class)
                .isThrownBy(profiles::usual)
                .withMessageContaining("home, work");

        logIn("default");
        assertThat(profiles.usual()).isEqualTo("default");
    }

    @Test
    void aLoginThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
        logIn("work");

        assertThatExceptionOfType(FatalException.class)
                .isThrownBy(() -> profiles.login("wrok"))
                .withMessageContaining("no login 'wrok', only work")
                .withMessageContaining("--name wrok");
    }

    @Test
    void withoutAnyLoginOneIsToldHowToMakeIt() {
        assertThatExceptionOfType(FatalException.class)
                .isThrownBy(() -> profiles.login(profiles.usual()))
                .withMessageContaining("proxy-client login URL");
    }

    @Test
    void aLoginIsForgottenWithItsKey() throws IOException {
        logIn("default");
        logIn("work");
        PrivateFiles.write(
                home.config(), PrivateFiles.readTrusted(home.config(), 10_000).replace("# [run]", "[run]"));

        profiles.remove("work");
        profiles.remove("default");

        assertThat(profiles.names()).isEmpty();
        assertThat(home.profile("work").folder()).doesNotExist();
        assertThat(home.key()).doesNotExist();
        assertThat(home.config()).content().contains("[run]");
        assertThat(home.runSettings()).isEqualTo(RunSettings.NONE);
    }

    @Test
    void whatAPersonHasWrittenOfGatewaysIsRead() throws IOException {
        logIn("default");
        PrivateFiles.write(
                home.config(),
                PrivateFiles.readTrusted(home.config(), 10_000)
                        + "[run]\nprofile = \"work,home\"\nvia = [\"a,b\", \"direct=standby\"]\ngateways = [\"*.x=work\"]\n");

        RunSettings run = home.runSettings();

        assertThat(run.profile()).containsExactly("work", "home");
        assertThat(run.via()).hasToString("[a,b, direct=standby]");
        assertThat(run.gateways()).hasToString("[*.x=work]");
    }
}
