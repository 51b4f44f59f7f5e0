package holdfast.server;

import holdfast.console.Program;
import holdfast.console.TimeSpan;
import holdfast.identity.Invitation;
import holdfast.identity.Pin;
import holdfast.protocol.Destination;
import holdfast.server.config.ListenAddress;
import holdfast.server.policy.Rule;
import holdfast.server.policy.Verb;
import java.time.Duration;
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
        subcommands = {
            InitCommand.class,
            InviteCommand.class,
            RunCommand.class,
            UserCommand.class,
            CheckCommand.class,
            WhyCommand.class,
            ReloadCommand.class,
            RotateKeyCommand.class,
            StatusCommand.class
        },
        footerHeading = "%nTo start:%n",
        footer = {
            "  proxy-server init --address gw.example:7443   make the key and the settings",
            "  proxy-server run                              serve",
            "  proxy-server invite alice                     print a URL for  proxy-client login",
        })
public final class ProxyServer {
    private ProxyServer() {}

    public static void main(String[] arguments) {
        Program.main(commandLine(), arguments);
    }

    /** The command line, ready to be executed. */
    static CommandLine commandLine() {
        return new CommandLine(new ProxyServer())
                .registerConverter(Destination.class, Program.converter(Invitation::address))
                .registerConverter(Destination.Ip.class, Program.converter(ListenAddress::parse))
                .registerConverter(Rule.class, Program.converter(Rule::allow))
                .registerConverter(Duration.class, Program.converter(TimeSpan::parse))
                .registerConverter(Verb.class, Program.converter(Verb::parse))
                .registerConverter(Pin.class, Program.converter(Pin::parse));
    }
}
