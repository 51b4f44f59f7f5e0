package holdfast.client;

import holdfast.client.config.ClientHome;
import holdfast.client.config.ForwardSpec;
import holdfast.client.config.PasswordFile;
import holdfast.client.door.ListenAddress;
import holdfast.client.opening.Credentials;
import holdfast.client.opening.OpenMode;
import holdfast.console.HelpOption;
import holdfast.console.LogOptions;
import holdfast.console.Logs;
import holdfast.console.StopSignal;
import holdfast.transport.TransportOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code run}: serves programs. */
@Command(
        name = "run",
        description =
                "Serve in the foreground, until SIGTERM or SIGINT. The log goes to stderr; a line says when it is ready.")
final class RunCommand implements Callable<Integer> {
    /** How long ending may take, in milliseconds, before it is forced. */
    private static final long STOP_MILLIS = 10_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ClientHomeOption home = new ClientHomeOption();

    @Option(
            names = "-D",
            paramLabel = "[BIND:]PORT",
            description = {
                "Where programs find the proxy: SOCKS 4, 4a and 5, and HTTP. Default: 127.0.0.1:1080.",
                "A path makes a Unix-domain socket."
            })
    private List<ListenAddress> doors = List.of(ListenAddress.DEFAULT);

    @Option(
            names = "-L",
            paramLabel = "[BIND:]PORT:HOST:HOSTPORT",
            description = "Forward a port of this machine to a destination as the gateway sees it.")
    private List<ForwardSpec.Local> local = List.of();

    @Option(
            names = "-R",
            paramLabel = "[BIND:]PORT[:HOST:HOSTPORT]",
            description =
                    "Forward a port of the gateway to a destination as this machine sees it; without one, be a SOCKS proxy there.")
    private List<ForwardSpec> remote = List.of();

    @Option(
            names = {"-g", "--gateway-ports"},
            description = "Let other machines use the ports of -L, if their BIND says so.")
    private boolean openToOthers;

    @Option(
            names = "--open",
            paramLabel = "auto|fast|confirm",
            description = {
                "When programs hear that they are connected: at once (fast), when it is certain (confirm),",
                "or at once only for names on ports where the program speaks first (auto, the default)."
            })
    private OpenMode open = OpenMode.AUTO;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Ask programs for the user and password in this private file, one line USER:PASSWORD.")
    private @Nullable Path passwordFile;

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Mixin
    private LogOptions log = new LogOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        StopSignal.install(STOP_MILLIS);
        requireLocalUnlessAsked();
        Logs logs = log.start();
        try {
            Client.run(options());
        } finally {
            logs.close();
        }
        return 0;
    }

    private ClientOptions options() throws IOException {
        ClientHome client = home.home();
        Credentials credentials = passwordFile == null ? null : PasswordFile.read(passwordFile);
        List<ForwardSpec> forwards = new ArrayList<>(local);
        forwards.addAll(remote);
        return new ClientOptions(
                client,
                client.identity(),
                client.account(),
                doors,
                forwards,
                open,
                credentials,
                transport.transport(),
                transport.tls());
    }

    private void requireLocalUnlessAsked() {
        for (ForwardSpec.Local each : local) {
            if (each.listen().isOpenToOthers() && !openToOthers) {
                throw new ParameterException(
                        spec.commandLine(),
                        "'" + each
                                + "' can be used by other machines: add -g if that is meant, or listen at 127.0.0.1");
            }
        }
    }
}
