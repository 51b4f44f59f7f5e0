package holdfast.client;

import holdfast.client.config.Account;
import holdfast.client.config.Profiles;
import holdfast.console.HelpOption;
import holdfast.console.Json;
import holdfast.protocol.Destination;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code profile}: shows and removes the logins of this client. */
@Command(
        name = "profile",
        synopsisSubcommandLabel = "COMMAND",
        description = {"Show and remove the logins of this client.", "proxy-client login URL --name NAME  adds one."})
final class ProfileCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    HelpOption help = new HelpOption();

    @Command(name = "list", description = "Show all logins: name, user, addresses of the gateway.")
    int list(
            @Mixin ClientHomeOption home,
            @Mixin HelpOption help,
            @Option(names = "--json", description = "As one JSON array.") boolean json)
            throws IOException {
        Profiles profiles = new Profiles(home.home());
        List<Map<String, Object>> all = new ArrayList<>();
        for (String each : profiles.names()) {
            all.add(describe(each, profiles.account(each)));
        }
        if (json) {
            spec.commandLine().getOut().println(Json.write(all));
            return 0;
        }
        for (Map<String, Object> each : all) {
            spec.commandLine()
                    .getOut()
                    .println(each.get("name") + "  " + each.get("user") + "  " + each.get("addresses"));
        }
        return 0;
    }

    private static Map<String, Object> describe(String name, Account account) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", name);
        described.put("user", account.user());
        described.put("gateway", account.gateway().toString());
        described.put(
                "addresses",
                account.addresses().stream().map(Destination::toString).collect(Collectors.joining(" ")));
        return described;
    }

    @Command(
            name = "remove",
            description = {
                "Forget a login and its key; the one that was made without a name is called default.",
                "The gateway goes on listing the key until its owner removes it."
            })
    int remove(@Mixin ClientHomeOption home, @Mixin HelpOption help, @Parameters(paramLabel = "NAME") String name)
            throws IOException {
        Profiles profiles = new Profiles(home.home());
        profiles.account(name);
        profiles.remove(name);
        spec.commandLine().getOut().println("removed " + name);
        return 0;
    }
}
