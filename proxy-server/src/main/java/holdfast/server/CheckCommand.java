package holdfast.server;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.HelpOption;
import holdfast.server.config.GatewayConfig;
import holdfast.server.config.LivePolicy;
import holdfast.server.config.PolicyText;
import holdfast.server.config.ServerHome;
import holdfast.server.policy.Rules;
import holdfast.server.users.UserDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code check}: reads everything in the home and says what is wrong, or what it comes to. */
@Command(
        name = "check",
        description = {
            "Read the settings and the users' files, and show what users may do; or every mistake, with file, line and column.",
            "Nothing is changed. The exit code is 78 if there is a mistake."
        })
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private GatewayHomeOption home = new GatewayHomeOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws IOException {
        ServerHome gateway = home.gateway();
        List<String> mistakes = new ArrayList<>();
        GatewayConfig.Checked checked = GatewayConfig.check(gateway.config());
        checked.mistakes().forEach(each -> mistakes.add(String.valueOf(each.getMessage())));
        try {
            gateway.identity();
        } catch (IOException | FatalException e) {
            mistakes.add(String.valueOf(e.getMessage()));
        }
        mistakes.addAll(UserDirectory.mistakes(gateway.users()));
        if (mistakes.isEmpty() && checked.config().isPresent()) {
            UserDirectory users = home.users();
            GatewayConfig config = checked.config().get();
            PolicyText text = new PolicyText(config, LivePolicy.sections(config, Rules.NONE, users), users.users());
            mistakes.addAll(text.strangeGroups());
            if (mistakes.isEmpty()) {
                spec.commandLine().getOut().println(text.text().stripTrailing());
                return ExitCode.OK.code();
            }
        }
        PrintWriter err = spec.commandLine().getErr();
        mistakes.forEach(err::println);
        err.println("proxy-server: " + mistakes.size() + (mistakes.size() == 1 ? " mistake" : " mistakes"));
        return ExitCode.CONFIG.code();
    }
}
