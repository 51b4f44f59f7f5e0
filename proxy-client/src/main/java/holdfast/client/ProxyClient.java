package holdfast.client;

import holdfast.client.config.ForwardSpec;
import holdfast.client.door.ListenAddress;
import holdfast.console.Program;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The local SOCKS and HTTP proxy: reads the command line and wires the rest together. */
@Command(
        name = "proxy-client",
        description = "The local SOCKS and HTTP proxy: what programs give it goes on from the gateway.",
        mixinStandardHelpOptions = true,
        version = {"proxy-client 0.1.0", "Java ${java.version}, ${java.vm.name}", "${os.name} ${os.version}, ${os.arch}"
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {LoginCommand.class, RunCommand.class, StatusCommand.class},
        footerHeading = "%nTo start:%n",
        footer = {
            "  proxy-client login URL     once, with the invitation that  proxy-server invite  printed",
            "  proxy-client run           then programs use the proxy socks5h://127.0.0.1:1080",
        })
public final class ProxyClient {
    private ProxyClient() {}

    public static void main(String[] arguments) {
        Program.main(commandLine(), arguments);
    }

    /** The command line, ready to be executed. */
    static CommandLine commandLine() {
        return new CommandLine(new ProxyClient())
                .registerConverter(ListenAddress.class, Program.converter(ListenAddress::parse))
                .registerConverter(ForwardSpec.Local.class, Program.converter(ForwardSpec::local))
                .registerConverter(ForwardSpec.class, Program.converter(ForwardSpec::remote));
    }
}
