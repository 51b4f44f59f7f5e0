package holdfast.server;

import holdfast.console.ControlClient;
import holdfast.console.ExitCode;
import holdfast.console.HelpOption;
import holdfast.protocol.Destination;
import holdfast.server.config.GatewayConfig;
import holdfast.server.config.LivePolicy;
import holdfast.server.config.ServerHome;
import holdfast.server.destination.WhyAnswer;
import holdfast.server.policy.OwnAddresses;
import holdfast.server.policy.Policy;
import holdfast.server.policy.Rules;
import holdfast.server.policy.Verb;
import holdfast.server.users.UserDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code why}: says which rule decides. */
@Command(
        name = "why",
        description = {
            "Say whether a user gets to a destination, and which rule decides. Names are resolved here, as the gateway does.",
            "If the gateway runs, its rules are asked, with those of its command line; otherwise those of the files.",
            "The exit code is 0 if the user gets there, and 77 if not."
        })
final class WhyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private GatewayHomeOption home = new GatewayHomeOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "USER")
    private String user = "";

    @Parameters(
            index = "1",
            paramLabel = "HOST:PORT|PATH",
            description = "The destination, or the address or socket to listen at.",
            converter = AskedDestination.class)
    private Destination destination = new Destination.Name("x", 1);

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "What the user wants to do: connect, udp, bind or listen. Default: connect.")
    private Verb verb = Verb.CONNECT;

    @Override
    public Integer call() throws IOException {
        ServerHome gateway = home.gateway();
        UserDirectory users = home.users();
        if (users.user(user).isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("There is no user '" + user + "' with a device yet; this is what he could do.");
        }
        WhyAnswer answer = Files.exists(gateway.socket()) ? ask(gateway) : lookUp(gateway, users);
        spec.commandLine().getOut().println(answer.text());
        return answer.allowed() ? ExitCode.OK.code() : ExitCode.REFUSED.code();
    }

    private WhyAnswer ask(ServerHome gateway) {
        String question = GatewayControl.WHY + verb + " " + user + " " + destination;
        String answer = ControlClient.ask("proxy-server", gateway.socket(), question);
        boolean allowed = answer.startsWith(GatewayControl.YES);
        return new WhyAnswer(allowed, answer.substring(answer.indexOf('\n') + 1).stripTrailing());
    }

    private WhyAnswer lookUp(ServerHome gateway, UserDirectory users) throws IOException {
        GatewayConfig config = GatewayConfig.read(gateway.config());
        try (OwnAddresses own = OwnAddresses.watch(LivePolicy.advertised(config))) {
            Policy policy = new Policy(LivePolicy.sections(config, Rules.NONE, users), own);
            return WhyAnswer.of(policy, user, verb, destination, InetAddress::getAllByName);
        }
    }
}
