package holdfast.client;

import holdfast.console.ControlClient;
import holdfast.console.HelpOption;
import holdfast.protocol.Destination;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code binding}: shows the channel binding of a connection that this very process has open. */
@Command(
        name = "binding",
        description = {
            "Show what binds a login to one connection through the running client: 64 hexadecimal digits.",
            "Only a process that has the connection open is told: a script hands its socket down, as an open file, to this one."
        })
final class BindingCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ClientHomeOption home = new ClientHomeOption();

    @Option(
            names = "--local",
            required = true,
            paramLabel = "HOST:PORT",
            description = "The program's own end of its connection with the proxy.")
    private Destination local = Destination.parse("0.0.0.0:0");

    @Option(
            names = "--label",
            defaultValue = "",
            paramLabel = "TEXT",
            description = "Another value for each label, for programs that have several uses for it.")
    private String label = "";

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() {
        if (label.indexOf('\n') >= 0) {
            throw new ParameterException(spec.commandLine(), "--label: a label is one line");
        }
        String question = label.isEmpty() ? local.toString() : local + " " + label;
        spec.commandLine()
                .getOut()
                .print(ControlClient.ask("proxy-client", home.home().bindings(), question));
        return 0;
    }
}
