package holdfast.server;

import holdfast.console.HelpOption;
import holdfast.identity.Identity;
import holdfast.protocol.Destination;
import holdfast.server.config.ServerHome;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code init}: makes a gateway. */
@Command(name = "init", description = "Make the gateway's key and settings in its home folder.")
final class InitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private GatewayHomeOption home = new GatewayHomeOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--address",
            required = true,
            split = ",",
            paramLabel = "HOST:PORT",
            description = "Where clients reach this gateway. Several are several ways to the same one.")
    private List<Destination> addresses = List.of();

    @Override
    public Integer call() throws IOException {
        ServerHome made = home.home();
        Identity gateway = made.init(addresses, new SecureRandom());
        spec.commandLine().getOut().println("The gateway's home is " + made.folder() + ", its key is " + gateway.pin());
        spec.commandLine().getOut().println("Settings: " + made.config());
        return 0;
    }
}
