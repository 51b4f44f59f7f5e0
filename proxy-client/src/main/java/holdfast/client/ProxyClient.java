package holdfast.client;

import static java.util.Map.entry;

import holdfast.client.config.ForwardSpec;
import holdfast.client.config.GatewayProtocol;
import holdfast.client.config.LoopbackPorts;
import holdfast.client.dialer.PathRule;
import holdfast.client.door.ListenAddress;
import holdfast.client.gateways.GatewayRule;
import holdfast.client.gateways.Via;
import holdfast.console.Program;
import holdfast.protocol.Destination;
import holdfast.transport.EarlyStart;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The local SOCKS and HTTP proxy: reads the command line and wires the rest together. */
@Command(
        name = "proxy-client",
        description = "The local SOCKS and HTTP proxy: what programs give it goes on from the gateway.",
        mixinStandardHelpOptions = true,
        version = {"proxy-client 0.1.0", "Java ${java.version}, ${java.vm.name}", "${os.name} ${os.version}, ${os.arch}"
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nTo start:%n",
        footer = {
            "  proxy-client login URL     once, with the invitation that  proxy-server invite  printed",
            "  proxy-client run           then programs use the proxy socks5h://127.0.0.1:1080",
        })
public final class ProxyClient implements Callable<Integer> {
    private static final List<Map.Entry<String, Supplier<Object>>> COMMANDS = List.of(
            entry("login", LoginCommand::new),
            entry("profile", ProfileCommand::new),
            entry("run", RunCommand::new),
            entry("status", StatusCommand::new),
            entry("exec", ExecCommand::new),
            entry("environment", EnvironmentCommand::new),
            entry("binding", BindingCommand::new),
            entry("discover", DiscoverCommand::new),
            entry("redirect-rules", RedirectRulesCommand::new));

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "-W",
            paramLabel = "HOST:PORT",
            description =
                    "Instead of a command: connect stdin and stdout to a destination, by the client that is running. ssh"
                            + " takes it as ProxyCommand \"proxy-client -W %%h:%%p\".")
    private @Nullable Destination forward;

    @Mixin
    private ClientHomeOption home = new ClientHomeOption();

    private ProxyClient() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (forward == null) {
            throw new ParameterException(spec.commandLine(), "Missing required subcommand");
        }
        StdioForward.run(home.home(), forward);
        return 0;
    }

    private static Destination destination(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        String bare = isBracketed ? host.substring(1, host.length() - 1) : host;
        // A port is always there, so that even a bare IPv6 address is clear, and ssh's [%h]:%p may hold a name.
        Destination destination = colon < 0 || text.startsWith("/")
                ? Destination.parse(text)
                : Destination.parse((bare.indexOf(':') < 0 ? bare : "[" + bare + "]") + text.substring(colon));
        if (destination.port() == 0) {
            throw new IllegalArgumentException("'" + text + "' is not HOST:PORT, with a port from 1 to 65535");
        }
        return destination;
    }

    public static void main(String[] arguments) {
        EarlyStart.begin(arguments);
        Program.main(commandLine(arguments), arguments);
    }

    /** The command line, ready to be executed by these arguments. */
    static CommandLine commandLine(String... arguments) {
        CommandLine commandLine = new CommandLine(new ProxyClient());
        Program.addCommands(commandLine, COMMANDS, arguments);
        CommandLine exec = commandLine.getSubcommands().get("exec");
        if (exec != null) {
            // Behind the program's name all options are its own.
            exec.setStopAtPositional(true);
        }
        return commandLine
                .registerConverter(Destination.class, Program.converter(ProxyClient::destination))
                .registerConverter(GatewayProtocol.class, Program.converter(GatewayProtocol::parse))
                .registerConverter(LoopbackPorts.class, Program.converter(LoopbackPorts::parse))
                .registerConverter(ListenAddress.class, Program.converter(ListenAddress::parse))
                .registerConverter(ForwardSpec.Local.class, Program.converter(ForwardSpec::local))
                .registerConverter(PathRule.class, Program.converter(PathRule::parse))
                .registerConverter(GatewayRule.class, Program.converter(GatewayRule::parse))
                .registerConverter(Via.class, Program.converter(Via::parse))
                .registerConverter(ForwardSpec.class, Program.converter(ForwardSpec::remote));
    }
}
