package holdfast.client;

import holdfast.client.config.Profiles;
import holdfast.client.config.RunSettings;
import holdfast.client.door.ListenAddress;
import holdfast.client.redirect.IptablesRules;
import holdfast.client.redirect.NftRules;
import holdfast.client.redirect.Turned;
import holdfast.console.HelpOption;
import holdfast.protocol.Destination;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code redirect-rules}: prints what an administrator runs so that programs which know no proxy use it all the same. */
@Command(
        name = "redirect-rules",
        description = {
            "Print the commands that make Linux turn the connections and name questions of all programs to this client,",
            "all but those to the gateway itself. They are for root:  proxy-client redirect-rules | sudo sh",
            "Ports not named here are those of client.toml."
        })
final class RedirectRulesCommand implements Callable<Integer> {
    /** Which tool makes the rules. */
    enum Tool {
        IPTABLES,
        NFT
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ClientHomeOption home = new ClientHomeOption();

    @Option(names = "--redirect", paramLabel = "PORT", description = "The port of  run --redirect.")
    private @Nullable Integer redirect;

    @Option(names = "--tproxy", paramLabel = "PORT", description = "The port of  run --tproxy.")
    private @Nullable Integer tproxy;

    @Option(names = "--dns", paramLabel = "PORT", description = "The port of  run --dns.")
    private @Nullable Integer dns;

    @Option(
            names = "--client-user",
            paramLabel = "NAME",
            description =
                    "Leave this user's programs alone, the client being one of them. Needed where the gateway is known by a name.")
    private String user = "";

    @Option(names = "--tool", paramLabel = "iptables|nft", description = "What makes the rules. Default: iptables.")
    private Tool tool = Tool.IPTABLES;

    @Option(names = "--remove", description = "Print the commands that take the rules away.")
    private boolean remove;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws IOException {
        Profiles profiles = new Profiles(home.home());
        if (profiles.names().isEmpty()) {
            throw profiles.home().notLoggedIn();
        }
        RunSettings run = home.home().runSettings();
        // Whichever the client dials now or with other options.
        List<Destination> addresses = new ArrayList<>();
        for (String each : profiles.names()) {
            addresses.addAll(profiles.account(each).addresses());
        }
        PrintWriter out = spec.commandLine().getOut();
        Turned turned;
        try {
            turned = turned(run, addresses);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        if (!remove) {
            out.println("# Taken away by:  proxy-client redirect-rules --remove  with the same options.");
            warn(addresses, out);
        }
        List<String> lines = switch (tool) {
            case IPTABLES -> remove ? IptablesRules.remove(turned) : IptablesRules.add(turned);
            case NFT -> remove ? NftRules.remove(turned) : NftRules.add(turned);
        };
        lines.forEach(out::println);
        return 0;
    }

    private Turned turned(RunSettings run, List<Destination> addresses) throws UnknownHostException {
        boolean named = redirect != null || tproxy != null || dns != null;
        return new Turned(
                gateways(addresses),
                user,
                named ? port(redirect) : first(run.redirect()),
                named ? port(tproxy) : first(run.tproxy()),
                named ? port(dns) : first(run.dns()));
    }

    private void warn(List<Destination> addresses, PrintWriter out) {
        boolean byName = addresses.stream().anyMatch(Destination.Name.class::isInstance);
        if (byName && user.isEmpty()) {
            out.println(
                    "# The gateway is known by a name. Its present addresses are left alone, but when they change, and for its name's");
            out.println("# own look-up, run the client as a user of its own and give  --client-user NAME");
        }
    }

    /** The gateway's own name is for this machine to look up, as dialing does. */
    private static List<Destination.Ip> gateways(List<Destination> addresses) throws UnknownHostException {
        List<Destination.Ip> gateways = new ArrayList<>();
        for (Destination each : addresses) {
            if (each instanceof Destination.Ip ip) {
                gateways.add(ip);
            } else if (each instanceof Destination.Name name) {
                for (InetAddress address : InetAddress.getAllByName(name.host())) {
                    gateways.add(new Destination.Ip(address, name.port()));
                }
            }
        }
        return gateways;
    }

    private static OptionalInt port(@Nullable Integer port) {
        if (port != null && (port < 1 || port > 65535)) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    private static OptionalInt first(List<ListenAddress.Tcp> addresses) {
        return addresses.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(addresses.get(0).address().getPort());
    }
}
