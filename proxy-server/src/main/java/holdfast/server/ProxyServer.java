package holdfast.server;

import static java.util.Map.entry;

import holdfast.console.Program;
import holdfast.console.TimeSpan;
import holdfast.identity.Invitation;
import holdfast.identity.Pin;
import holdfast.protocol.Destination;
import holdfast.server.config.ListenAddress;
import holdfast.server.policy.Rule;
import holdfast.server.policy.Verb;
import holdfast.transport.EarlyStart;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The gateway: reads the command line and wires the rest together. */
@Command(
        name = "proxy-server",
        description = "The gateway: the far end of its clients' sessions, from where their connections go on.",
        mixinStandardHelpOptions = true,
        version = {"proxy-server 0.1.0", "Java ${java.version}, ${java.vm.name}", "${os.name} ${os.version}, ${os.arch}"
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nTo start:%n",
        footer = {
            "  proxy-server init --address gw.example:7443   make the key and the settings",
            "  proxy-server run                              serve",
            "  proxy-server invite alice                     print a URL for  proxy-client login",
        })
public final class ProxyServer {
    private static final List<Map.Entry<String, Supplier<Object>>> COMMANDS = List.of(
            entry("init", InitCommand::new),
            entry("invite", InviteCommand::new),
            entry("run", RunCommand::new),
            entry("user", UserCommand::new),
            entry("check", CheckCommand::new),
            entry("why", WhyCommand::new),
            entry("reload", ReloadCommand::new),
            entry("rotate-key", RotateKeyCommand::new),
            entry("status", StatusCommand::new));

    private ProxyServer() {}

    public static void main(String[] arguments) {
        EarlyStart.begin(arguments);
        Program.main(commandLine(arguments), arguments);
    }

    /** The command line, ready to be executed by these arguments. */
    static CommandLine commandLine(String... arguments) {
        CommandLine commandLine = new CommandLine(new ProxyServer());
        Program.addCommands(commandLine, COMMANDS, arguments);
        return commandLine
                .registerConverter(Destination.class, Program.converter(Invitation::address))
                .registerConverter(Destination.Ip.class, Program.converter(ListenAddress::parse))
                .registerConverter(Rule.class, Program.converter(Rule::allow))
                .registerConverter(Duration.class, Program.converter(TimeSpan::parse))
                .registerConverter(Verb.class, Program.converter(Verb::parse))
                .registerConverter(Pin.class, Program.converter(Pin::parse));
    }
}
