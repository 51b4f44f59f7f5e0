package holdfast.client;

import holdfast.client.config.ClientHome;
import holdfast.console.HomeOption;
import picocli.CommandLine.Mixin;

/** What every command of the client starts from; a picocli mixin. */
final class ClientHomeOption {
    @Mixin
    private HomeOption home = new HomeOption();

    ClientHome home() {
        return new ClientHome(home.folder("client"));
    }
}
