package holdfast.client;

import holdfast.client.config.Account;
import holdfast.client.config.ClientHome;
import holdfast.client.config.Profiles;
import holdfast.client.discovery.Discovery;
import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.HelpOption;
import holdfast.protocol.Destination;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
            "Ask DNS, the web server of a domain, or with  local  the machines of this network, where gateways are"
                    + " said to be.",
            "Answers are hints where to dial, and prove nothing: a gateway is known by the key in an invitation alone."
        })
final class DiscoverCommand implements Callable<Integer> {
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

    @Option(
            names = "--save",
            paramLabel = "NAME",
            description = {
                "Write what would be dialed into this login (default  for the one without a name), behind the"
                        + " addresses it has.",
                "Only a gateway with the login's key is ever used there."
            })
    private @Nullable String login;

    @Option(
            names = "--follow",
            description = "With --save: have  run  ask again by itself while the login's gateway is not reached.")
    private boolean follow;

    @Mixin
    private ClientHomeOption home = new ClientHomeOption();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws IOException {
        if (follow && login == null) {
            throw new ParameterException(spec.commandLine(), "--follow goes with --save NAME");
        }
        if (login != null) {
            // A mistake is told before anybody is asked.
            new Profiles(home.home()).account(login);
        }
        PrintWriter out = spec.commandLine().getOut();
        String name = domain();
        Discovery.Found found = discovery().look(name, !noWeb);
        found.report().forEach(out::println);
        if (found.usable().isEmpty()) {
            out.println("nothing to dial");
        } else {
            out.println("would dial: " + String.join(" ", found.usable()));
        }
        if (login != null) {
            save(login, name, found.usable(), out);
        } else if (!found.usable().isEmpty()) {
            out.println(
                    "Nothing of this is trusted: dial it with an invitation, whose key decides; or, if you have logged"
                            + " in already, add it to that login with --save NAME.");
        }
        return found.usable().isEmpty() && !follow ? ExitCode.UNAVAILABLE.code() : 0;
    }

    private void save(String into, String name, List<String> usable, PrintWriter out) throws IOException {
        ClientHome profile = home.home().profile(into);
        List<Destination> further = usable.stream()
                .limit(Rediscovery.MAX_HINTS)
                .map(Destination::parse)
                .toList();
        Account saved = profile.change(account -> {
            Account more = account.withFurther(further);
            return follow ? more.withDomain(Optional.of(name)) : more;
        });
        out.println("login " + into + " is dialed at: "
                + saved.addresses().stream().map(Destination::toString).collect(Collectors.joining(" "))
                + saved.domain()
                        .map(where -> "; while it is not reached, " + where + " is asked again")
                        .orElse(""));
        out.println("A gateway with another key than the login's is refused there. A client that runs has to be started"
                + " again.");
    }

    private String domain() {
        try {
            return Discovery.domain(domain);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Discovery discovery() throws IOException {
        if (server instanceof Destination.Ip ip) {
            return Discovery.asking(new InetSocketAddress(ip.address(), ip.port()));
        }
        if (server != null) {
            throw new ParameterException(spec.commandLine(), "--server: an address and port, not a name");
        }
        try {
            return Discovery.usual();
        } catch (IOException e) {
            throw new FatalException(ExitCode.UNAVAILABLE, e.getMessage() + "; name a name server with --server", e);
        }
    }
}
