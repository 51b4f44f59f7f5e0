package holdfast.server;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The gateway: reads the command line and wires the rest together. */
@Command(
        name = "proxy-server",
        description = "The gateway.",
        mixinStandardHelpOptions = true,
        version = "proxy-server 0.1.0")
public final class ProxyServer implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private ProxyServer() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ProxyServer()).execute(arguments));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which command to run: --help lists them.");
    }
}
