package holdfast.client;

import holdfast.client.environment.ShellText;
import holdfast.console.HelpOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code environment}: for a shell that is to use the proxy from now on. */
@Command(
        name = "environment",
        description = {
            "Print the variables that make programs use the running client, for a shell:",
            "  eval \"$(proxy-client environment)\""
        })
final class EnvironmentCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private EnvironmentOptions environment = new EnvironmentOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(ShellText.exports(environment.variables()));
        return 0;
    }
}
