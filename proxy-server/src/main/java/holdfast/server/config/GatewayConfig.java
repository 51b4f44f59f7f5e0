package holdfast.server.config;

import holdfast.console.ExitCode;
import holdfast.console.FatalException;
import holdfast.console.Settings;
import holdfast.identity.Invitation;
import holdfast.identity.UserName;
import holdfast.protocol.Destination;
import holdfast.server.audit.AuditSettings;
import holdfast.server.budget.DoorLimits;
import holdfast.server.budget.Limits;
import holdfast.server.budget.UserLimits;
import holdfast.server.policy.AddressRule;
import holdfast.server.policy.ListenRule;
import holdfast.server.policy.Rules;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the gateway's owner has decided.
 *
 * @param addresses where clients reach it, at least one
 * @param listen where it listens, at least one; {@code [::]} means every address of both families
 * @param everyone what is open to all users besides public destinations
 * @param users what is open to single users on top
 * @param holdTime how long a session without a path is kept
 * @param limits of users, and of everybody together
 * @param audit where it is written what users do
 */
public record GatewayConfig(
        List<Destination> addresses,
        List<Destination.Ip> listen,
        Rules everyone,
        Map<String, Rules> users,
        Duration holdTime,
        Limits limits,
        AuditSettings audit) {
    private static final Duration HOLD_TIME = Duration.ofHours(24);

    public GatewayConfig {
        addresses = List.copyOf(addresses);
        listen = List.copyOf(listen);
        users = Map.copyOf(users);
    }

    /**
     * Reads {@code gateway.toml}.
     *
     * @throws FatalException 78 with file, line and column of what is wrong
     */
    public static GatewayConfig read(Path file) throws IOException {
        try {
            return of(file, Settings.read(file));
        } catch (NoSuchFileException e) {
            throw new FatalException(
                    ExitCode.CONFIG,
                    "there is no " + file + "; make a gateway with  proxy-server init --address HOST:PORT",
                    e);
        }
    }

    static GatewayConfig parse(Path file, String text) {
        return of(file, Settings.parse(file.toString(), text));
    }

    /** This config with what the command line says: listeners instead of its own, if there are any, and further rules. */
    public GatewayConfig with(List<Destination.Ip> moreListen, Rules moreRules) {
        return new GatewayConfig(
                addresses,
                moreListen.isEmpty() ? listen : moreListen,
                everyone.and(moreRules),
                users,
                holdTime,
                limits,
                audit);
    }

    private static GatewayConfig of(Path file, Settings settings) {
        List<Destination> addresses = settings.list("addresses", Invitation::address);
        List<Destination.Ip> listen = settings.list("listen", ListenAddress::parse);
        Rules everyone = rules(settings);
        Duration holdTime = settings.text("hold-time", TimeSpan::parse);
        Settings general = settings.table("limits");
        DoorLimits door = LimitSettings.door(general);
        UserLimits usual = LimitSettings.user(general, UserLimits.DEFAULT);
        Map<String, UserLimits> special = new HashMap<>();
        Settings sections = settings.table("users");
        Map<String, Rules> users = new HashMap<>();
        for (String name : sections.names(UserName::require)) {
            Settings section = sections.table(name);
            users.put(name, rules(section));
            UserLimits own = LimitSettings.user(section.table("limits"), usual);
            if (!own.equals(usual)) {
                special.put(name, own);
            }
        }
        AuditSettings audit =
                AuditTable.read(settings.table("audit"), file.toAbsolutePath().resolveSibling(""));
        settings.done();
        if (addresses.isEmpty()) {
            throw new FatalException(
                    ExitCode.CONFIG, file + ": 'addresses' is missing: where do clients reach this gateway?");
        }
        return new GatewayConfig(
                addresses,
                listen.isEmpty() ? ListenAddress.defaultFor(addresses) : listen,
                everyone,
                users,
                holdTime == null ? HOLD_TIME : holdTime,
                new Limits(door, usual, special),
                audit);
    }

    private static Rules rules(Settings settings) {
        return new Rules(settings.list("allow", AddressRule::parse), settings.list("allow-listen", ListenRule::parse));
    }
}
