package holdfast.client;

import holdfast.client.config.ClientHome;
import holdfast.client.environment.ProxyEnvironment;
import holdfast.client.environment.ShellText;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.protocol.Destination;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the variables for programs depend on; a picocli mixin. */
final class EnvironmentOptions {
    /** Set by the launcher to its own path. */
    private static final String LAUNCHER = "holdfast.launcher";

    @Mixin
    private ClientHomeOption home = new ClientHomeOption();

    @Option(
            names = "--no-proxy",
            paramLabel = "HOST",
            split = ",",
            description = "Hosts that the program may reach without the proxy. Default: none, not even localhost.")
    private List<String> direct = List.of();

    /**
     * The variables, for the proxy that runs with this home.
     *
     * @throws FatalException 69 if none runs, 78 if it has no port that programs could be told of
     */
    Map<String, String> variables() {
        ClientHome client = home.home();
        Destination.Ip door = StdioForward.tcpDoors(client).stream()
                .filter(each -> each.address().isLoopbackAddress())
                .findFirst()
                .orElseThrow(() -> new FatalException(
                        ExitCode.CONFIG,
                        "the running client has no port of this machine that asks for no password: start one with  -D 127.0.0.1:PORT"
                                + "  and without --password-file"));
        String java = System.getenv().getOrDefault("JAVA_TOOL_OPTIONS", "");
        return new ProxyEnvironment(door, proxyCommand(client), direct).variables(java);
    }

    /** ssh reads a % as the beginning of something else. */
    private static String proxyCommand(ClientHome client) {
        String launcher = System.getProperty(LAUNCHER, "proxy-client");
        String folder = client.folder().toAbsolutePath().toString();
        return ShellText.quoted(launcher).replace("%", "%%") + " -W [%h]:%p --home "
                + ShellText.quoted(folder).replace("%", "%%");
    }
}
