package holdfast.client;

import holdfast.client.discovery.Discovery;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.HelpOption;
import holdfast.protocol.Destination;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code discover}: asks the network, on its user's word, where gateways are, and shows the answers. */
@Command(
        name = "discover",
        description = {
            "Ask DNS, the web server of a domain, or with  local  the machines of this network, where gateways are said to be.",
            "Answers are hints where to dial, and prove nothing: a gateway is known by the key in an invitation alone."
        })
final class DiscoverCommand implements Callable<Integer> {
    private static final Path RESOLVERS = Path.of("/etc/resolv.conf");
    private static final int DNS_PORT = 53;
    private static final byte[] MULTICAST = {(byte) 224, 0, 0, (byte) 251};

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DOMAIN", description = "As example.com; or  local  for this network.")
    private String domain = "";

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "The name server to ask. Default: the system's first.")
    private @Nullable Destination server;

    @Option(names = "--no-web", description = "Do not ask the domain's web server.")
    private boolean noWeb;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws IOException {
        Discovery discovery = new Discovery(
                nameServer(), new InetSocketAddress(InetAddress.getByAddress(MULTICAST), Discovery.LINK_PORT));
        PrintWriter out = spec.commandLine().getOut();
        Discovery.Found found;
        try {
            found = discovery.look(Discovery.domain(domain), !noWeb);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        found.report().forEach(out::println);
        if (found.usable().isEmpty()) {
            out.println("nothing to dial");
            return ExitCode.UNAVAILABLE.code();
        }
        out.println("would dial: " + String.join(" ", found.usable()));
        out.println(
                "Nothing of this is trusted: dial it with an invitation, whose key decides; or, if you have logged in"
                        + " already, add it to 'addresses' in client.toml.");
        return 0;
    }

    private InetSocketAddress nameServer() throws IOException {
        if (server instanceof Destination.Ip ip) {
            return new InetSocketAddress(ip.address(), ip.port());
        }
        if (server != null) {
            throw new ParameterException(spec.commandLine(), "--server: an address and port, not a name");
        }
        try {
            for (String line : Files.readAllLines(RESOLVERS)) {
                String[] words = line.strip().split("\\s+", -1);
                // An address, which getByName does not look up.
                if (words.length > 1 && words[0].equals("nameserver") && words[1].matches("[0-9a-fA-F:.]+")) {
                    return new InetSocketAddress(InetAddress.getByName(words[1]), DNS_PORT);
                }
            }
        } catch (UnknownHostException | NoSuchFileException e) {
            throw new FatalException(
                    ExitCode.UNAVAILABLE, RESOLVERS + " cannot be understood; name a server with --server", e);
        }
        throw new FatalException(ExitCode.UNAVAILABLE, RESOLVERS + " names no server; give one with --server");
    }
}
