package holdfast.client;

import holdfast.client.config.ClientHome;
import holdfast.client.config.ForwardSpec;
import holdfast.client.config.GatewayProtocol;
import holdfast.client.config.LoopbackPorts;
import holdfast.client.config.PasswordFile;
import holdfast.client.config.Profiles;
import holdfast.client.config.RunSettings;
import holdfast.client.dialer.PathRule;
import holdfast.client.door.AllowedUsers;
import holdfast.client.door.ListenAddress;
import holdfast.client.gateways.GatewayPlan;
import holdfast.client.gateways.GatewayRule;
import holdfast.client.gateways.Login;
import holdfast.client.gateways.Via;
import holdfast.client.opening.OpenMode;
import holdfast.console.HelpOption;
import holdfast.console.LogOptions;
import holdfast.console.Logs;
import holdfast.console.StopSignal;
import holdfast.transport.TransportOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
                "A path makes a Unix-domain socket. Can be given several times, as -L and -R can."
            })
    private List<ListenAddress> doors = List.of();

    @Option(
            names = "-L",
            paramLabel = "[BIND:]PORT:HOST:HOSTPORT",
            description = {
                "Forward a port of this machine, or a socket's path, to a destination as the gateway sees it.",
                "Other machines can use it if BIND says so; there is no password."
            })
    private List<ForwardSpec.Local> local = List.of();

    @Option(
            names = "-R",
            paramLabel = "[BIND:]PORT[:HOST:HOSTPORT]",
            description =
                    "Forward a port of the gateway to a destination as this machine sees it; without one, be a SOCKS proxy there.")
    private List<ForwardSpec> remote = List.of();

    @Option(
            names = "--path",
            paramLabel = "[INTERFACE][@GATEWAY][=STANDING]",
            description = {
                "Which ways to the gateway are used, the preferred first; all, without this option. INTERFACE is a name as",
                "wlan0, the beginning of one as wl*, an address of this machine, or * for any; GATEWAY one of the gateway's",
                "addresses, HOST[:PORT]. STANDING is active (the default), standby (joined, used when no active path is",
                "up), metered (used when nothing else is up) or off. The first --path that fits a way decides; a way that",
                "none fits is not used. For example: --path wlan0 --path wwan0=metered --path '*=standby'."
            })
    private List<PathRule> paths = List.of();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            split = ",",
            description = {
                "The login to use; further ones stand in for it while its gateway does not answer. Default: the one that",
                "was made without a name."
            })
    private List<String> profile = List.of();

    @Option(
            names = "--gateway",
            paramLabel = "WHAT=NAME[,NAME]",
            description = {
                "Other logins for some destinations: an ADDRESS[/BITS], a NAME, *.NAME or *, and behind it :PORT or :PORT-PORT.",
                "Can be given several times; the first that fits decides. For example --gateway '*.corp.example=work'."
            })
    private List<GatewayRule> gateways = List.of();

    @Option(
            names = "--via",
            paramLabel = "NAME[,NAME][=STANDING]",
            description = {
                "Go through the gateways of these logins, the nearest first; they see nothing but encrypted bytes. Given",
                "several times, all ways are used at once; 'direct' is the way through none. STANDING is active, standby or",
                "metered, as of --path. For example --via relay --via direct=standby."
            })
    private List<Via> ways = List.of();

    @Option(
            names = "--redirect",
            paramLabel = "[BIND:]PORT",
            description = {
                "Linux: take over connections of programs that know no proxy, which iptables' REDIRECT turns to this port.",
                "The rules for that:  proxy-client redirect-rules"
            })
    private List<LoopbackPorts> redirect = List.of();

    @Option(
            names = "--tproxy",
            paramLabel = "[BIND:]PORT",
            description = "Linux: the same by TPROXY, which needs the capability CAP_NET_ADMIN.")
    private List<LoopbackPorts> tproxy = List.of();

    @Option(
            names = "--dns",
            paramLabel = "[BIND:]PORT",
            description = "Answer DNS questions here, by UDP and TCP, as the gateway's resolver does.")
    private List<LoopbackPorts> dns = List.of();

    @Option(
            names = "--open",
            paramLabel = "auto|fast|confirm",
            description = {
                "When programs hear that they are connected: at once (fast), when it is certain (confirm),",
                "or at once only for names on ports where the program speaks first (auto, the default)."
            })
    private @Nullable OpenMode open;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Ask programs for the user and password in this private file, one line USER:PASSWORD.")
    private @Nullable Path passwordFile;

    @Option(
            names = "--allow-user",
            paramLabel = "NAME",
            description = {
                "Let programs of this user of this machine in, too, where no password is asked for; 'all' for everybody.",
                "Default: only those of the user who runs this, and root's."
            })
    private List<String> allowedUsers = List.of();

    @Option(
            names = "--protocol",
            paramLabel = "holdfast|mta-tls",
            description = {
                "What to speak with the gateway: holdfast, the default, which loses nothing when the network does; or mta-tls,",
                "for gateways of another make, where an outage ends every connection, and one end's end is both's."
            })
    private @Nullable GatewayProtocol protocol;

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
            Client.run(options());
        } finally {
            logs.close();
        }
        return 0;
    }

    private ClientOptions options() throws IOException {
        ClientHome client = home.home();
        RunSettings file = client.runSettings();
        Path password = passwordFile != null ? passwordFile : file.passwordFile();
        return new ClientOptions(
                client,
                gateways(new Profiles(client), file),
                client.acceptRules(),
                paths.isEmpty() ? file.paths() : paths,
                doors(file),
                both(file.local(), local),
                both(file.remote(), remote),
                new TurnedPorts(ports(redirect, file.redirect()), ports(tproxy, file.tproxy()), ports(dns, file.dns())),
                users(both(file.allowUsers(), allowedUsers)),
                Objects.requireNonNullElse(open, Objects.requireNonNullElse(file.open(), OpenMode.AUTO)),
                password == null ? null : PasswordFile.read(password),
                Objects.requireNonNullElse(
                        protocol, Objects.requireNonNullElse(file.protocol(), GatewayProtocol.HOLDFAST)),
                transport.transport(),
                transport.tls());
    }

    private GatewayPlan gateways(Profiles profiles, RunSettings file) throws IOException {
        List<String> usual = profile.isEmpty() ? file.profile() : profile;
        List<String> first = usual.isEmpty() ? List.of(profiles.usual()) : usual;
        List<GatewayRule> rules = both(gateways, file.gateways());
        List<Via> through = ways.isEmpty() ? file.via() : ways;
        Map<String, Login> logins = new HashMap<>();
        for (String each : GatewayPlan.names(first, rules, through)) {
            logins.put(each, profiles.login(each));
        }
        try {
            return new GatewayPlan(logins, first, rules, through);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** What the command line says stands for itself; all else is added to what the file says. */
    private List<ListenAddress> doors(RunSettings file) {
        if (!doors.isEmpty()) {
            return doors;
        }
        return file.listen().isEmpty() ? List.of(ListenAddress.DEFAULT) : file.listen();
    }

    private static List<ListenAddress.Tcp> ports(List<LoopbackPorts> line, List<ListenAddress.Tcp> file) {
        return line.isEmpty()
                ? file
                : line.stream().flatMap(each -> each.addresses().stream()).toList();
    }

    private AllowedUsers users(List<String> names) {
        try {
            return AllowedUsers.of(names);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--allow-user: " + e.getMessage(), e);
        }
    }

    private static <T> List<T> both(List<T> file, List<T> line) {
        List<T> all = new ArrayList<>(file);
        all.addAll(line);
        return all;
    }
}
