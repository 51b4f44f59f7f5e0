package holdfast.server;

import holdfast.console.HomeOption;
import holdfast.server.config.ServerHome;
import holdfast.server.users.Invitations;
import holdfast.server.users.UserDirectory;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
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
}
