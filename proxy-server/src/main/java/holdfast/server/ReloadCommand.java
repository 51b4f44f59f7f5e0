package holdfast.server;

import holdfast.console.ControlClient;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.HelpOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code reload}: has the running gateway read its settings again. */
@Command(
        name = "reload",
        description = {
            "Have the running gateway read its settings and users again, as SIGHUP does.",
            "What goes on goes on, except what is no longer allowed. A file with a mistake changes nothing."
        })
final class ReloadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private GatewayHomeOption home = new GatewayHomeOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() {
        String answer = ControlClient.ask("proxy-server", home.home().socket(), GatewayControl.RELOAD);
        if (answer.startsWith(GatewayControl.NO)) {
            throw new FatalException(
                    ExitCode.CONFIG,
                    answer.substring(GatewayControl.NO.length()).strip()
                            + "\nThe settings in force are still the old ones.");
        }
        spec.commandLine().getOut().println("the gateway has read its settings");
        return 0;
    }
}
