package holdfast.client;

import holdfast.console.ControlClient;
import holdfast.console.HelpOption;
import holdfast.console.WatchOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code status}: shows what a running client is doing. */
@Command(name = "status", description = "Show what the running client is doing.")
final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ClientHomeOption home = new ClientHomeOption();

    @Mixin
    private WatchOption watch = new WatchOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        String command = json ? "status --json" : "status";
        watch.show(
                spec.commandLine().getOut(),
                () -> ControlClient.ask("proxy-client", home.home().socket(), command));
        return 0;
    }
}
