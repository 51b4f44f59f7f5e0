package holdfast.client;

import holdfast.client.environment.ShellText;
import holdfast.console.HelpOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code exec}: starts a program that uses the proxy. It only writes the script; the launcher carries that out and so becomes the program, which gets every
 * signal, the terminal and the last word about the exit code.
 */
@Command(
        name = "exec",
        description = {
            "Start a program with the variables that make it use the running client:",
            "  proxy-client exec -- curl https://example.com/"
        })
final class ExecCommand implements Callable<Integer> {
    /** By its first line the launcher knows that this is to be carried out. */
    private static final String MARK = "#!exec\n";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private EnvironmentOptions environment = new EnvironmentOptions();

    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "The program and its arguments.")
    private List<String> command = List.of();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(MARK + ShellText.exports(environment.variables()) + ShellText.exec(command));
        return 0;
    }
}
