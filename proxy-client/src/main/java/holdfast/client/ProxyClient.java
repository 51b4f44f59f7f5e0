package holdfast.client;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The local SOCKS and HTTP proxy: reads the command line and wires the rest together. */
@Command(
        name = "proxy-client",
        description = "The local SOCKS and HTTP proxy.",
        mixinStandardHelpOptions = true,
        version = "proxy-client 0.1.0")
public final class ProxyClient implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private ProxyClient() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ProxyClient()).execute(arguments));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which command to run: --help lists them.");
    }
}
