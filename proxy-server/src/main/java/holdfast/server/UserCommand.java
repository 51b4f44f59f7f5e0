package holdfast.server;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.HelpOption;
import holdfast.console.Json;
import holdfast.identity.Pin;
import holdfast.server.users.Device;
import holdfast.server.users.User;
import holdfast.server.users.UserDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code user}: shows and changes who may use the gateway. All of it works while the gateway runs. */
@Command(
        name = "user",
        synopsisSubcommandLabel = "COMMAND",
        description = {"Show and change who may use the gateway.", "This works while the gateway runs."})
final class UserCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    HelpOption help = new HelpOption();

    @Command(name = "list", description = "Show all users.")
    int list(
            @Mixin GatewayHomeOption home,
            @Mixin HelpOption help,
            @Option(names = "--json", description = "As one JSON array.") boolean json)
            throws IOException {
        List<User> users = home.users().users();
        if (json) {
            out().println(Json.write(users.stream().map(UserCommand::describe).toList()));
            return 0;
        }
        for (User each : users) {
            int devices = each.devices().size();
            out().println(each.name() + "  " + devices + (devices == 1 ? " device" : " devices") + disabled(each));
        }
        return 0;
    }

    @Command(name = "show", description = "Show a user's devices.")
    int show(
            @Mixin GatewayHomeOption home,
            @Mixin HelpOption help,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--json", description = "As one JSON object.") boolean json)
            throws IOException {
        User user = home.users().user(name).orElseThrow(() -> unknown(name));
        if (json) {
            out().println(Json.write(describe(user)));
            return 0;
        }
        out().println(user.name() + disabled(user));
        for (Device each : user.devices()) {
            out().println("  " + each.key() + "  "
                    + each.enrolledAt().map(Instant::toString).orElse("-") + "  " + each.comment());
        }
        return 0;
    }

    @Command(
            name = "remove",
            description = "Forget a user, his devices and his invitations; with --key only one device.")
    int remove(
            @Mixin GatewayHomeOption home,
            @Mixin HelpOption help,
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--key",
                            paramLabel = "PIN",
                            description = "Only the device with this key, as  user show  has it.")
                    @Nullable Pin key)
            throws IOException {
        UserDirectory users = home.users();
        requireKnown(users, name);
        if (key == null) {
            home.invitations(users).revoke(name);
            users.remove(name);
            out().println("removed " + name);
        } else if (users.removeKey(name, key)) {
            out().println("removed a device of " + name);
        } else {
            throw new FatalException(ExitCode.USAGE, name + " has no device with the key " + key);
        }
        return 0;
    }

    @Command(name = "remove-key", description = "Forget one device of a user; as  user remove NAME --key PIN.")
    int removeKey(
            @Mixin GatewayHomeOption home,
            @Mixin HelpOption help,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "PIN", description = "The device's key, as  user show  has it.") Pin key)
            throws IOException {
        return remove(home, help, name, key);
    }

    @Command(
            name = "group",
            description = {
                "Show the groups that a user's own file names, and change them.",
                "The rules of a group stand in gateway.toml under [groups.GROUP], and further members may stand there."
            })
    int group(
            @Mixin GatewayHomeOption home,
            @Mixin HelpOption help,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--add", paramLabel = "GROUP", description = "Put the user into this group.")
                    List<String> add,
            @Option(names = "--remove", paramLabel = "GROUP", description = "Take the user out of this group.")
                    List<String> remove)
            throws IOException {
        UserDirectory users = home.users();
        requireKnown(users, name);
        for (String each : add == null ? List.<String>of() : add) {
            home.requireGroup(each);
            users.addToGroup(name, each);
        }
        for (String each : remove == null ? List.<String>of() : remove) {
            if (!users.removeFromGroup(name, each)) {
                throw new FatalException(
                        ExitCode.USAGE,
                        "the file of " + name + " does not name the group '" + each + "'; perhaps gateway.toml does");
            }
        }
        users.user(name).ifPresent(user -> user.groups().stream().sorted().forEach(out()::println));
        return 0;
    }

    @Command(name = "disable", description = "Turn a user away until he is enabled again; his devices stay listed.")
    int disable(@Mixin GatewayHomeOption home, @Mixin HelpOption help, @Parameters(paramLabel = "NAME") String name)
            throws IOException {
        return setDisabled(home.users(), name, true);
    }

    @Command(name = "enable", description = "Let a user in again.")
    int enable(@Mixin GatewayHomeOption home, @Mixin HelpOption help, @Parameters(paramLabel = "NAME") String name)
            throws IOException {
        return setDisabled(home.users(), name, false);
    }

    private int setDisabled(UserDirectory users, String name, boolean disabled) throws IOException {
        requireKnown(users, name);
        users.setDisabled(name, disabled);
        out().println((disabled ? "disabled " : "enabled ") + name);
        return 0;
    }

    private static void requireKnown(UserDirectory users, String name) throws IOException {
        if (users.user(name).isEmpty()) {
            throw unknown(name);
        }
    }

    private static FatalException unknown(String name) {
        return new FatalException(
                ExitCode.USAGE, "there is no user '" + name + "' with a device;  proxy-server user list  shows them");
    }

    private static String disabled(User user) {
        return user.disabled() ? "  disabled" : "";
    }

    private static Map<String, Object> describe(User user) {
        List<Map<String, Object>> devices = new ArrayList<>();
        for (Device each : user.devices()) {
            Map<String, Object> device = new LinkedHashMap<>();
            device.put("key", each.key().toString());
            device.put("comment", each.comment());
            each.enrolledAt().ifPresent(at -> device.put("enrolled_at", at.toString()));
            devices.add(device);
        }
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("user", user.name());
        description.put("disabled", user.disabled());
        description.put("groups", user.groups().stream().sorted().toList());
        description.put("devices", devices);
        return description;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
