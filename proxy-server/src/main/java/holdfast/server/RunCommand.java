package holdfast.server;

import holdfast.console.HelpOption;
import holdfast.console.LogOptions;
import holdfast.console.Logs;
import holdfast.console.StopSignal;
import holdfast.protocol.Destination;
import holdfast.server.admin.AdminPort;
import holdfast.server.budget.UsageFile;
import holdfast.server.config.GatewayConfig;
import holdfast.server.config.LivePolicy;
import holdfast.server.config.ServerHome;
import holdfast.server.policy.Rule;
import holdfast.server.policy.Rules;
import holdfast.server.users.UserDirectory;
import holdfast.transport.TransportOptions;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code run}: serves. */
@Command(
        name = "run",
        description =
                "Serve in the foreground, until SIGTERM or SIGINT. The log goes to stderr; a line says when it is ready.")
final class RunCommand implements Callable<Integer> {
    /** How long ending may take, in milliseconds, before it is forced. */
    private static final long STOP_MILLIS = 30_000;

    @Mixin
    private GatewayHomeOption home = new GatewayHomeOption();

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS:PORT",
            description =
                    "Where to listen for clients; [::] is every address. Default: the ports of the gateway's addresses.")
    private List<Destination.Ip> listen = List.of();

    @Option(
            names = "--allow",
            paramLabel = "CIDR[:PORTS]|PATH",
            description = {
                "Let users reach these addresses, which are closed otherwise: private networks, loopback, this machine.",
                "For example 10.0.0.0/8, 192.168.1.5:22,8000-9000, or 'udp 10.0.0.53:53'; or the path of a socket here."
            })
    private List<Rule> allow = List.of();

    @Option(
            names = "--allow-listen",
            paramLabel = "[ADDR:]PORTS|PATH",
            description = {
                "Let users listen here, for SOCKS BIND and -R. For example 10.77.100.1:1024-65535, or /run/holdfast/*.sock",
                "for Unix-domain sockets."
            },
            converter = AllowListen.class)
    private List<Rule> allowListen = List.of();

    @Option(
            names = "--admin",
            paramLabel = "ADDRESS:PORT",
            description = "Show /metrics and /health here, by HTTP. Only on loopback. Default: nowhere.")
    private Destination.@Nullable Ip admin;

    @Option(
            names = "--mta-tls",
            description =
                    "Serve clients that speak MTA-TLS, too, on the same listeners. Their connections do not outlive an outage.")
    private boolean mtaTls;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Mixin
    private LogOptions log = new LogOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        StopSignal.install(STOP_MILLIS);
        Logs logs = log.start();
        try {
            serve();
        } finally {
            logs.close();
        }
        return 0;
    }

    private Destination.@Nullable Ip admin() {
        try {
            return admin == null ? null : AdminPort.requireLoopback(admin);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--admin: " + e.getMessage(), e);
        }
    }

    private void serve() throws IOException, InterruptedException {
        ServerHome gateway = home.gateway();
        Rules commandLine =
                Rules.of(Stream.concat(allow.stream(), allowListen.stream()).toArray(Rule[]::new));
        GatewayConfig config = GatewayConfig.read(gateway.config()).with(listen, commandLine);
        UserDirectory users = home.users();
        try (LivePolicy policy = LivePolicy.open(gateway.config(), commandLine, users)) {
            Gateway.run(new GatewayOptions(
                    gateway,
                    gateway.identity(),
                    config,
                    users,
                    home.invitations(users),
                    policy,
                    UsageFile.open(gateway.usage(), Clock.systemUTC()),
                    admin(),
                    mtaTls,
                    transport.transport(),
                    transport.tls()));
        }
    }
}
