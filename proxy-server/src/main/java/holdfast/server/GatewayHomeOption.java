package holdfast.server;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.HomeOption;
import holdfast.server.config.GatewayConfig;
import holdfast.server.config.ServerHome;
import holdfast.server.users.Invitations;
import holdfast.server.users.UserDirectory;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Mixin;

/** What every command of the gateway starts from; a picocli mixin. */
final class GatewayHomeOption {
    @Mixin
    private HomeOption home = new HomeOption();

    /** The home, which may have no gateway yet. */
    ServerHome home() {
        return new ServerHome(home.folder("gateway"));
    }

    /**
     * The home of a gateway.
     *
     * @throws holdfast.console.FatalException 78 if there is none
     */
    ServerHome gateway() throws IOException {
        return home().requireGateway();
    }

    UserDirectory users() throws IOException {
        return new UserDirectory(gateway().users());
    }

    Invitations invitations(UserDirectory users) throws IOException {
        return new Invitations(home().invitations(), users, Clock.systemUTC(), new SecureRandom());
    }

    /**
     * Refuses a group without rules: a misspelt one would let the user do less, or more, than was meant.
     *
     * @throws FatalException 64 if gateway.toml does not have it
     */
    void requireGroup(String group) throws IOException {
        Set<String> known =
                GatewayConfig.read(gateway().config()).rules().groups().keySet();
        if (!known.contains(group)) {
            throw new FatalException(
                    ExitCode.USAGE,
                    "there is no group '" + group + "' in gateway.toml; "
                            + (known.isEmpty()
                                    ? "make one with a heading [groups." + group + "]"
                                    : "there are " + String.join(", ", new TreeSet<>(known))));
        }
    }
}
